//! `config`: each value and where it came from, secrets masked.

use xtask_db_tests::snapshot;
use xtask_db_tests::support::{Kind, Workspace};

use crate::history;

#[test]
fn shows_each_origin() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(
        &ws,
        "[workspace.metadata.db]\nseeds = \"data\"\nignore = [\"job_*\"]\n\n\
         [workspace.metadata.db.env.production]\nurl = \"env:PRODUCTION_DATABASE_URL\"\n\
         protected = true\n",
    );
    ws.set("PRODUCTION_DATABASE_URL", "sqlite:/srv/production.db");
    snapshot!("default", ws.run_ok(&["config"]));
    snapshot!("production", ws.run_ok(&["--env", "production", "config"]));
    assert_eq!(ws.run_ok(&["config", "--json"]).json()["version"], 1);
}

#[test]
fn masks_the_password() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.write("migrations/migrations.lock", ws.empty_lock_file().replace("sqlite", "postgres"));
    ws.set("DATABASE_URL", "postgres://me:s%33cret-word@db.example/app?sslmode=require");
    let run = ws.run_ok(&["config"]).says("***").says("db.example");
    let _ = run.silent_about("s%33cret-word").silent_about("s3cret-word");
}

#[test]
fn a_misspelt_key_names_the_nearest() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(&ws, "[workspace.metadata.db]\nmigration = \"db\"\n");
    let run = ws.run(&["config"]).refused(2, "XDB0110").says("migration").says("migrations");
    snapshot!("misspelt", run);
}

#[test]
fn dotenv_is_read_unless_an_environment_is_named() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.set("DATABASE_URL", "");
    ws.write(".env", "DATABASE_URL=sqlite:from-dotenv.db\n");
    history::manifest(&ws, "[workspace.metadata.db.env.staging]\nurl = \"sqlite:staging.db\"\n");
    let _ = ws.run_ok(&["config"]).says("from-dotenv.db");
    let _ =
        ws.run_ok(&["--env", "staging", "config"]).says("staging.db").silent_about("from-dotenv");
    let _ = ws.run_with(&[("XTASK_DB_ENV", "staging")], &["config"]).ok().says("staging.db");
}
