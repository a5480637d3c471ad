//! What holds after every fault: catalog, ledger and leftovers are those of one clean deploy.
//!
//! A test writes its migrations with [`Oracle::migration`], which adds a row to `trace` in each, so
//! that a body that ran twice is seen, and canary rows that no migration may touch.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::run::NEXT;
use super::{Database, Kind, Run, Workspace, catalog, documented_exit_codes};

/// A killed client's backend ends after the server noticed.
const SESSIONS_GONE_MAX: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(50);
const CANARIES: &str = "1:yellow 2:\u{1F424}";
/// The id of the migration that makes `trace` and the canaries.
const FIRST: &str = "20200101000000_trace";

/// Of no use where each statement has a session of its own.
const TRANSACTION: [&str; 2] = ["BEGIN;", "COMMIT;"];

/// The oracle for one workspace.
#[derive(Debug, Clone, Copy)]
pub struct Oracle<'a> {
    workspace: &'a Workspace,
}

impl<'a> Oracle<'a> {
    /// Writes the first migration, with the tables that the oracle looks at.
    #[must_use]
    pub fn new(workspace: &'a Workspace) -> Self {
        let text = match workspace.database().kind() {
            Kind::MariaDb => "VARCHAR(200) CHARACTER SET utf8mb4",
            _ => "VARCHAR(200)",
        };
        let oracle = Self { workspace };
        oracle.migration(
            FIRST,
            &format!(
                "CREATE TABLE trace (id {text} NOT NULL);\n\
                 CREATE TABLE canary (id INTEGER PRIMARY KEY, name {text} NOT NULL);\n\
                 INSERT INTO canary (id, name) VALUES (1, 'yellow');\n\
                 INSERT INTO canary (id, name) VALUES (2, '\u{1F424}');"
            ),
        );
        oracle
    }

    /// Writes a migration that leaves a trace at its end.
    pub fn migration(&self, id: &str, sql: &str) {
        let sql = format!("{sql}\nINSERT INTO trace (id) VALUES ('{id}');\n");
        self.workspace.migration(id, &sql);
    }

    /// Checks everything that must hold once all migrations are applied.
    ///
    /// # Panics
    /// Something of it does not hold.
    #[track_caller]
    pub fn check(&self) {
        let database = self.workspace.database();
        self.each_body_ran_once(database);
        self.ledger_equals_disk(database);
        self.nothing_is_left();
        self.catalog_equals_clean_replay();
    }

    /// Checks that a run ended as the reference says, with a code and a hint when it failed.
    ///
    /// # Panics
    /// It did not.
    #[track_caller]
    pub fn check_run(run: &Run) {
        let Some(code) = run.code else { return };
        assert!(documented_exit_codes().contains(&code), "{run}");
        let silent = [0, 130, 143].contains(&code);
        assert!(silent || (run.stderr.contains("XDB") && run.stderr.contains(NEXT)), "{run}");
        assert!(!run.stderr.contains("panicked"), "{run}");
    }

    #[track_caller]
    fn each_body_ran_once(&self, database: &Database) {
        let mut traces = database.column("SELECT id FROM trace");
        traces.sort();
        assert_eq!(traces, self.workspace.ids(), "each body ran exactly once");
        let canaries = database.rows("SELECT id, name FROM canary ORDER BY id");
        let shown: Vec<String> = canaries
            .into_iter()
            .map(|row| row.into_iter().flatten().collect::<Vec<_>>().join(":"))
            .collect();
        assert_eq!(shown.join(" "), CANARIES, "canary rows are unchanged");
    }

    #[track_caller]
    fn ledger_equals_disk(&self, database: &Database) {
        let applied = database.rows(
            "SELECT migration_name, checksum FROM _xtask_db_migrations \
             WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL",
        );
        let mut found: Vec<(String, String)> = applied
            .into_iter()
            .map(|row| {
                let mut values = row.into_iter().map(Option::unwrap_or_default);
                (values.next().unwrap_or_default(), values.next().unwrap_or_default())
            })
            .collect();
        found.sort();
        let expected: Vec<(String, String)> =
            self.workspace.ids().into_iter().map(|id| (id.clone(), self.checksum(&id))).collect();
        assert_eq!(found, expected, "the ledger equals the disk");
        let unfinished = database.column(
            "SELECT migration_name FROM _xtask_db_migrations \
             WHERE rolled_back_at IS NULL AND finished_at IS NULL",
        );
        assert_eq!(unfinished, Vec::<String>::new(), "nothing is unfinished");
    }

    fn checksum(&self, id: &str) -> String {
        let text = self.workspace.read(&format!("migrations/{id}/migration.sql"));
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[track_caller]
    fn nothing_is_left(&self) {
        let started = Instant::now();
        loop {
            let left = self.left_over();
            if left.is_empty() {
                return;
            }
            assert!(started.elapsed() < SESSIONS_GONE_MAX, "left behind: {left:#?}");
            sleep(POLL);
        }
    }

    fn left_over(&self) -> Vec<String> {
        let database = self.workspace.database();
        let mut left = match database.kind() {
            Kind::Sqlite => Vec::new(),
            Kind::Postgres | Kind::PgBouncer => postgres_left_over(database),
            Kind::MariaDb => mariadb_left_over(database),
        };
        left.extend(self.files_left_over());
        left
    }

    /// Nothing lies in `migrations/` but what was written there, and no half-written file.
    fn files_left_over(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.workspace.root().join("migrations")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else if !name.ends_with(".sql") && name != "migrations.lock" {
                    found.push(format!("file {name}"));
                }
            }
        }
        found
    }

    #[track_caller]
    fn catalog_equals_clean_replay(&self) {
        let kind = match self.workspace.database().kind() {
            Kind::PgBouncer => Kind::Postgres,
            kind => kind,
        };
        let found = catalog(self.workspace.database());
        let Some(clean) = Database::fresh(kind, &self.workspace.root().with_file_name("data"))
        else {
            return;
        };
        for id in self.workspace.ids() {
            let sql = self.workspace.read(&format!("migrations/{id}/migration.sql"));
            replay(&clean, &sql);
        }
        assert_eq!(found, catalog(&clean), "the catalog equals a clean replay");
        clean.remove();
    }
}

/// PostgreSQL runs several statements of one message in a transaction, and some refuse that.
fn replay(clean: &Database, sql: &str) {
    if !sql.contains("CONCURRENTLY") {
        return clean.execute(sql);
    }
    for statement in sql.split_inclusive(";\n").filter(|one| !TRANSACTION.contains(&one.trim())) {
        clean.execute(statement);
    }
}

fn postgres_left_over(database: &Database) -> Vec<String> {
    let locks = database.column(
        "SELECT 'advisory lock held by ' || pid FROM pg_locks WHERE locktype = 'advisory' \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    // A pooler keeps its own idle connections: only a session that is in the middle of something,
    // or one that is not the pooler's, is left over.
    let idle = if database.kind() == Kind::PgBouncer { "state <> 'idle'" } else { "TRUE" };
    let sessions = database.column(&format!(
        "SELECT 'session ' || application_name || ' ' || state FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND {idle}"
    ));
    let indexes = database.column(
        "SELECT 'INVALID index ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid",
    );
    [locks, sessions, indexes].concat()
}

fn mariadb_left_over(database: &Database) -> Vec<String> {
    database.column(
        "SELECT CONCAT('session ', id, ' ', COALESCE(info, '')) \
         FROM information_schema.processlist \
         WHERE db = DATABASE() AND id <> CONNECTION_ID()",
    )
}
