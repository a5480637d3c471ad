//! What embedding 1,000 migrations adds to the rebuild of a crate, ours against sqlx's macro.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::layout::Layout;
use super::measure::time;
use super::report::{Series, bound, millis, say, table};
use crate::repository;

const ADDED_RATIO_MAX: f64 = 0.5;
const NOTHING: &str = "no migrations";
const OURS: &str = "embed_migrations!";
const SQLX: &str = "sqlx::migrate!";

/// A crate of the scratch workspace.
#[derive(Debug)]
struct Scratch {
    name: &'static str,
    package: &'static str,
    dependency: String,
    source: String,
}

/// Measures the rebuilds in a scratch workspace under `folder`.
pub(super) fn run(folder: &Path, migrations: usize, rounds: usize) -> Result<(), String> {
    let ours = folder.join(format!("{:?}", Layout::Ours)).join("migrations");
    let flat = folder.join(format!("{:?}", Layout::Flat));
    let crates = scratch_crates(&ours, &flat);
    let workspace = folder.join("embed");
    write(&workspace, &crates)?;
    time(build(&workspace, None))?;
    let mut series: Vec<Series> = crates.iter().map(|one| Series::new(one.name)).collect();
    for round in 0..=rounds {
        for (one, series) in crates.iter().zip(&mut series) {
            touch(&workspace, one, round)?;
            let took = time(build(&workspace, Some(one.package)))?;
            if round > 0 {
                series.times.push(took);
            }
        }
    }
    table(&format!("rebuild of a crate that embeds {migrations} migrations"), NOTHING, &series);
    let added = |at: usize| millis(series[at].median()) - millis(series[0].median());
    say(&format!("  added: {OURS} {:.1} ms, {SQLX} {:.1} ms", added(1), added(2)));
    bound("added, against sqlx::migrate!", added(1) / added(2), ADDED_RATIO_MAX, "x");
    Ok(())
}

fn scratch_crates(ours: &Path, flat: &Path) -> [Scratch; 3] {
    let library = repository::root().join("crates/xtask-db");
    [
        Scratch {
            name: NOTHING,
            package: "embed-nothing",
            dependency: String::new(),
            source: "pub const COUNT: usize = 0;\n".to_owned(),
        },
        Scratch {
            name: OURS,
            package: "embed-ours",
            dependency: format!("xtask-db = {{ path = {:?} }}\n", library.display().to_string()),
            source: format!(
                "pub static ALL: xtask_db::Migrator = xtask_db::embed_migrations!({:?});\n",
                relative(ours)
            ),
        },
        Scratch {
            name: SQLX,
            package: "embed-sqlx",
            dependency: "sqlx = { version = \"0.9\", default-features = false, \
                         features = [\"macros\", \"migrate\"] }\n"
                .to_owned(),
            source: format!(
                "pub static ALL: sqlx::migrate::Migrator = sqlx::migrate!({:?});\n",
                relative(flat)
            ),
        },
    ]
}

/// A folder beside the scratch workspace, from a crate in it.
fn relative(folder: &Path) -> String {
    let names: Vec<_> = folder.iter().rev().map(|name| name.to_string_lossy()).collect();
    match names.as_slice() {
        [last, before, ..] if *last == "migrations" => format!("../../{before}/{last}"),
        [last, ..] => format!("../../{last}"),
        [] => String::new(),
    }
}

fn write(workspace: &Path, crates: &[Scratch]) -> Result<(), String> {
    let put = |path: &Path, text: &str| {
        let parent = path.parent().unwrap_or(workspace);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(path, text))
            .map_err(|error| format!("{}: {error}", path.display()))
    };
    let members: Vec<String> = crates.iter().map(|one| format!("{:?}", one.package)).collect();
    let root = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    put(&workspace.join("Cargo.toml"), &root)?;
    for one in crates {
        let manifest = format!(
            "[package]\nname = {:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{}",
            one.package, one.dependency
        );
        put(&workspace.join(one.package).join("Cargo.toml"), &manifest)?;
        put(&workspace.join(one.package).join("src/lib.rs"), &one.source)?;
    }
    let lock = repository::root().join("Cargo.lock");
    fs::copy(&lock, workspace.join("Cargo.lock")).map(drop).map_err(|error| error.to_string())
}

/// Changes the source, so that cargo must compile the crate again and nothing else.
fn touch(workspace: &Path, one: &Scratch, round: usize) -> Result<(), String> {
    let path = workspace.join(one.package).join("src/lib.rs");
    let text = format!("{}// round {round}\n", one.source);
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn build(workspace: &Path, package: Option<&str>) -> Command {
    let mut command = repository::cargo();
    command.current_dir(workspace).args(["build", "--quiet"]);
    command.env("CARGO_TARGET_DIR", workspace.join("target"));
    if let Some(package) = package {
        command.args(["--offline", "--package", package]);
    }
    command
}
