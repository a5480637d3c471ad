//! The small history that most tests start from.

use xtask_db_tests::support::Workspace;

pub(crate) const USERS: &str = "20260101000000_users";
pub(crate) const COURSES: &str = "20260102000000_courses";
pub(crate) const STATUS: &str = "20260103000000_status";

/// Three migrations with their way back, not sealed.
pub(crate) fn drafts(ws: &Workspace) {
    ws.reversible(
        USERS,
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);\n",
        "DROP TABLE users;\n",
    );
    ws.reversible(
        COURSES,
        "CREATE TABLE courses (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL);\n\
         CREATE INDEX courses_owner ON courses (owner);\n",
        "DROP TABLE courses;\n",
    );
    ws.reversible(
        STATUS,
        "ALTER TABLE courses ADD COLUMN status VARCHAR(20);\n",
        "ALTER TABLE courses DROP COLUMN status;\n",
    );
}

/// Three sealed migrations.
pub(crate) fn sealed(ws: &Workspace) {
    drafts(ws);
    ws.run_ok(&["lock"]);
}

/// Three applied migrations, in a database that `deploy` marked.
pub(crate) fn deployed(ws: &Workspace) {
    sealed(ws);
    ws.run_ok(&["deploy"]);
}

/// Three applied migrations, in a database for development.
pub(crate) fn developed(ws: &Workspace) {
    drafts(ws);
    ws.run_ok(&["migrate"]);
}

/// The names of the rows that count as applied, in the order they were applied.
pub(crate) fn applied(ws: &Workspace) -> Vec<String> {
    ws.database().column(
        "SELECT migration_name FROM _xtask_db_migrations \
         WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL \
         ORDER BY started_at, migration_name",
    )
}

/// A manifest with the tables of the configuration, for the runs that need one.
pub(crate) fn manifest(ws: &Workspace, metadata: &str) {
    ws.write("Cargo.toml", format!("[workspace]\nresolver = \"3\"\nmembers = []\n\n{metadata}"));
}
