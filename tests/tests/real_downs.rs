//! The way back of each of the last migrations of a real history, as the plan writes it: up, down
//! and up again make one catalog.

use std::fs;
use std::path::Path;

use xtask_db_engine::{Scope, Session, SessionOptions, Silent, introspect, run_script};
use xtask_db_schema::{Catalog, Online, PlanOptions, migration_text};
use xtask_db_tests::pairs::independent;
use xtask_db_tests::support::{Database, Kind, Workspace, case, copy_history};

const PRISMA: &str = "prisma-history-postgres";
const LEDGER: &str = "_xtask_db_migrations";
/// Steps that get a way back.
const STEPS: usize = 50;

#[test]
fn the_last_50_of_a_prisma_history_go_back() {
    let Some(folder) = case(PRISMA) else { return };
    let Some(ws) = Workspace::bare(Kind::Postgres) else { return };
    copy_history(&folder, &ws);
    ws.write("migrations/migrations.lock", ws.empty_lock_file());
    ws.run_ok(&["lock"]);
    ws.run_ok(&["deploy"]);
    let last = independent(ws.database());
    let ids = ws.database().column(&format!(
        "SELECT migration_name FROM {LEDGER} WHERE finished_at IS NOT NULL ORDER BY started_at, \
         migration_name"
    ));
    let (earlier, steps) = ids.split_at(ids.len() - STEPS);

    let throwaway = Database::fresh(Kind::Postgres, ws.root()).expect("the server was there");
    earlier.iter().for_each(|id| run(&throwaway, id, &up(&folder, id)));
    let first = independent(&throwaway);
    let mut catalogs = vec![read(&throwaway)];
    for id in steps {
        run(&throwaway, id, &up(&folder, id));
        catalogs.push(read(&throwaway));
    }
    for (at, id) in steps.iter().enumerate().rev() {
        let plain = PlanOptions { online: Online::Never };
        let plan = catalogs[at + 1].plan(&catalogs[at], &plain).expect("a way back");
        let down = migration_text(&plan.steps);
        run(&throwaway, id, &down);
        let reached = read(&throwaway);
        let rest = reached.plan(&catalogs[at], &plain).expect("a plan").script();
        assert_eq!(rest, "", "after the way back of {id}\n{down}");
        assert_eq!(reached.fingerprint(), catalogs[at].fingerprint(), "{id}\n{down}");
        ws.write(&format!("migrations/{id}/down.sql"), down);
    }
    assert_eq!(independent(&throwaway), first);

    let name = ws.database().name().to_owned();
    ws.run_ok(&["env", "--set", "development", "--yes", &name]);
    ws.run_ok(&["down", "--steps", &STEPS.to_string()]);
    assert_eq!(independent(ws.database()), first);
    // Rows that a migration wrote stay when its schema goes back.
    ws.database().execute("DELETE FROM background_migrations");
    ws.run_ok(&["deploy"]);
    assert_eq!(independent(ws.database()), last);
    ws.run_ok(&["status"]);
}

fn up(folder: &Path, id: &str) -> String {
    fs::read_to_string(folder.join(id).join("migration.sql")).expect("a migration")
}

fn run(database: &Database, name: &str, sql: &str) {
    on(database, async |session| {
        let ran = run_script(session, name, sql, &mut Silent).await;
        ran.unwrap_or_else(|error| panic!("{name}: {error:?}\n{sql}"));
    });
}

fn read(database: &Database) -> Catalog {
    let scope = Scope { schemas: vec!["public".to_owned()], ..Scope::default() };
    on(database, async |session| introspect(session, &scope).await.expect("a catalog"))
}

fn on<T>(database: &Database, work: impl AsyncFnOnce(&mut Session) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let options = SessionOptions::default();
        let mut session = Session::open(database.url(), LEDGER, &options).await.expect("a session");
        let done = work(&mut session).await;
        session.close().await;
        done
    })
}
