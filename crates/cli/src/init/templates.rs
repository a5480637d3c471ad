//! The text of the files that `init` creates.

use xtask_db_sql::Dialect;

use super::Request;

/// The cargo feature that brings in a database's driver.
pub(super) const fn feature(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "sqlite",
        Dialect::Postgres => "postgres",
        Dialect::Mysql => "mysql",
    }
}

/// The dependency's value: `{ version = "…", features = ["…"] }`.
pub(super) fn dependency(request: &Request) -> String {
    let from = match &request.source {
        Some(source) => {
            let path = source.join("crates").join("cli");
            format!("path = {:?}", path.display().to_string())
        }
        None => format!("version = {:?}", request.version),
    };
    format!("{{ {from}, features = [{:?}, \"lint\"] }}", feature(request.dialect))
}

/// `xtask/Cargo.toml`.
pub(super) fn xtask_manifest(request: &Request) -> String {
    format!(
        "[package]\nname = \"xtask\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nxtask-db-cli = {}\n",
        dependency(request)
    )
}

/// `xtask/src/main.rs`.
pub(super) fn xtask_main() -> &'static str {
    "//! Tasks of this workspace: `cargo xtask db <command>`.\n\n\
     fn main() -> std::process::ExitCode {\n    xtask_db_cli::main()\n}\n"
}

/// The line that sends `cargo xtask db` to the tool from a main function that is there already.
pub(super) fn dispatch() -> &'static str {
    "if std::env::args().nth(1).as_deref() == Some(\"db\") { return xtask_db_cli::main(); }"
}

/// The alias's value.
pub(super) const ALIAS: &str = "run --quiet --package xtask --";

/// The ledger table that needs no setting.
pub(super) const DEFAULT_TABLE: &str = "_xtask_db_migrations";

/// The keys of `[….metadata.db]`, with a comment where one helps. `migrations` is relative to the
/// manifest.
pub(super) fn settings(request: &Request, migrations: &str) -> String {
    let url = match request.dialect {
        Dialect::Sqlite => "url = \"sqlite:dev.db\"\n",
        _ => "# set DATABASE_URL, in the environment or in .env\nurl = \"env:DATABASE_URL\"\n",
    };
    let table = if request.table == DEFAULT_TABLE {
        String::new()
    } else {
        format!("history-table = {:?}\n", request.table)
    };
    format!("{url}migrations = {migrations:?}\n{table}")
}

/// Why `.gitattributes` has these lines.
pub(super) const ATTRIBUTES: &str =
    "# Migrations are compared by checksum, so their line ends never change.";

/// The lines of `.gitattributes` for a migrations folder.
pub(super) fn attributes(dir: &str) -> [String; 2] {
    // `merge` undoes a `*.lock merge=union`: two branches that both add a migration must conflict
    [format!("/{dir}/**/*.sql text eol=lf"), format!("/{dir}/migrations.lock text eol=lf merge")]
}
