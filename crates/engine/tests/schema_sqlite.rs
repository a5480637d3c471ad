//! Catalogs of real SQLite files, and plans that lead from one to the other with rows in them.
#![cfg(feature = "sqlite")]

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use xtask_db_engine::{
    DbUrl, Scope, Session, SessionOptions, Silent, create, introspect, run_script,
};
use xtask_db_schema::sqlite::Catalog as Sqlite;
use xtask_db_schema::{Catalog, PlanOptions, Rename, RenameKind};

/// A file with a schema.
struct File {
    session: Session,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl File {
    async fn with(sql: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("test.db");
        let url = DbUrl::parse(&format!("sqlite:{}", path.display()), folder.path());
        let (url, options) = (url.expect("a url"), SessionOptions::default());
        create(&url, &options).await.expect("a file");
        let session = Session::open(&url, "_xtask_db_migrations", &options).await;
        let mut file = Self { session: session.expect("a session"), path, _folder: folder };
        file.run(sql).await;
        file
    }

    async fn run(&mut self, sql: &str) {
        let ran = run_script(&mut self.session, "schema.sql", sql, &mut Silent).await;
        ran.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    }

    async fn read(&mut self) -> Catalog {
        introspect(&mut self.session, &Scope::default()).await.expect("a catalog")
    }

    /// The first value of a query, on a connection of its own.
    async fn value(&self, sql: &str) -> String {
        let url = format!("sqlite:{}", self.path.display());
        let mut connection = SqliteConnection::connect(&url).await.expect("a connection");
        let sql = AssertSqlSafe(format!("SELECT CAST(({sql}) AS TEXT)"));
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("a value")
    }
}

fn model(catalog: &Catalog) -> &Sqlite {
    match catalog {
        Catalog::Sqlite(catalog) => catalog,
        _ => panic!("a catalog of another server"),
    }
}

fn script(from: &Catalog, to: &Catalog) -> String {
    from.plan(to, &PlanOptions::default()).expect("a plan").script()
}

/// Leads a file with rows to another schema and back, and looks there for what must be kept.
async fn keeps(from: &str, rows: &str, to: &str, query: &str, expected: &str) {
    let mut file = File::with(from).await;
    file.run(rows).await;
    let a = file.read().await;
    let b = File::with(to).await.read().await;
    let there = script(&a, &b);
    file.run(&there).await;
    let reached = file.read().await;
    assert_eq!(script(&reached, &b), "", "{there}");
    assert_eq!(reached.fingerprint(), b.fingerprint(), "{there}");
    assert_eq!(file.value(query).await, expected, "{there}");
    let back = script(&reached, &a);
    file.run(&back).await;
    assert_eq!(script(&file.read().await, &a), "", "{back}");
}

#[tokio::test]
async fn every_kind_is_read() {
    let mut file = File::with(
        "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT COLLATE NOCASE, y AS (x));
         CREATE TABLE \"b c\" (k TEXT PRIMARY KEY, a INTEGER REFERENCES a) STRICT, WITHOUT ROWID;
         CREATE UNIQUE INDEX i ON a (x DESC, lower(x)) WHERE x > 'm';
         CREATE VIEW v AS SELECT x AS \"X\", 1+1 FROM a;
         CREATE VIEW broken AS SELECT 1 FROM missing;
         CREATE TRIGGER g INSTEAD OF DELETE ON v BEGIN SELECT 1; END;
         CREATE VIRTUAL TABLE f USING fts5(t, u);
         CREATE VIRTUAL TABLE r USING rtree(id, x1, x2);
         CREATE TABLE _sqlx_migrations (version INT);
         CREATE TABLE _xtask_db_meta (key TEXT)",
    )
    .await;
    let catalog = file.read().await;
    let found = model(&catalog);
    let names =
        |names: Vec<&String>| names.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    assert_eq!(names(found.tables.iter().map(|it| &it.name).collect()), "a, b c");
    assert_eq!(names(found.virtual_tables.iter().map(|it| &it.name).collect()), "f, r");
    assert_eq!(names(found.indexes.iter().map(|it| &it.name).collect()), "i");
    assert_eq!(names(found.views.iter().map(|it| &it.name).collect()), "broken, v");
    assert_eq!(names(found.triggers.iter().map(|it| &it.name).collect()), "g");
    let view = found.view("v").expect("a view");
    assert_eq!(names(view.columns.iter().map(|it| &it.name).collect()), "X, 1+1");
    let unmodelled: Vec<&str> = found.unmodelled.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(unmodelled, ["broken (no such table: main.missing)"]);
    let relations = catalog.relations();
    let b = relations.iter().find(|it| it.name == "b c").expect("a relation");
    assert_eq!((b.columns[0].nullable, b.columns[1].nullable), (false, true));
    assert_eq!(b.references[0].referenced, ["id"]);
}

#[tokio::test]
async fn a_column_that_was_added_is_one_that_was_there() {
    let mut added = File::with("CREATE TABLE t (a int, -- the a\n  CHECK (a > 0)\n)").await;
    added.run("ALTER TABLE t ADD COLUMN \"B\" text NOT NULL DEFAULT 'x'; ").await;
    let there = "CREATE TABLE t (\"B\" TEXT not null DEFAULT 'x', a INT, CHECK (a>0))";
    let mut there = File::with(there).await;
    let (added, there) = (added.read().await, there.read().await);
    assert_eq!(script(&added, &there), "");
    assert_eq!(added.fingerprint(), there.fingerprint());
}

#[tokio::test]
async fn the_counter_of_a_table_goes_on() {
    keeps(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a int)",
        "INSERT INTO t (a) VALUES (1), (2), (3); DELETE FROM t WHERE id > 1",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a text)",
        "SELECT group_concat(name || seq) FROM sqlite_sequence",
        "t3",
    )
    .await;
}

#[tokio::test]
async fn children_stay_when_their_parent_is_made_again() {
    for action in ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"] {
        let child = format!(
            "CREATE TABLE child (p int DEFAULT 2 REFERENCES parent (id) ON DELETE {action})"
        );
        keeps(
            &format!("CREATE TABLE parent (id INTEGER PRIMARY KEY, a int); {child}"),
            "INSERT INTO parent VALUES (1, 1), (2, 2); INSERT INTO child VALUES (1), (1), (2)",
            &format!("CREATE TABLE parent (id INTEGER PRIMARY KEY, a text); {child}"),
            "SELECT group_concat(p) FROM child",
            "1,1,2",
        )
        .await;
    }
}

#[tokio::test]
async fn views_and_triggers_live_through_a_rebuild() {
    let others = "CREATE VIEW v AS SELECT a FROM t; CREATE TABLE log (n int);
        CREATE VIEW w AS SELECT * FROM v; CREATE INDEX i ON t (a);
        CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.a); END;
        CREATE TRIGGER h AFTER INSERT ON log BEGIN UPDATE t SET a = a; END;
        CREATE TRIGGER o INSTEAD OF DELETE ON w BEGIN DELETE FROM t; END";
    keeps(
        &format!("CREATE TABLE t (a int CHECK (t.a > 0)); {others}"),
        "INSERT INTO t VALUES (1), (2)",
        &format!("CREATE TABLE t (a int CHECK (t.a > -1), b AS (a + 1)); {others}"),
        "SELECT count(*) || (SELECT count(*) FROM w) FROM log",
        "22",
    )
    .await;
}

#[tokio::test]
async fn virtual_tables_keep_what_is_their_own() {
    keeps(
        "CREATE VIRTUAL TABLE f USING fts5(a, b)",
        "INSERT INTO f (rowid, a, b) VALUES (7, 'running', 'x'), (9, 'walks', 'y')",
        "CREATE VIRTUAL TABLE f USING fts5(a, b, tokenize='porter')",
        "SELECT group_concat(rowid) FROM f('run')",
        "7",
    )
    .await;
    keeps(
        "CREATE VIRTUAL TABLE r USING rtree(id, x1, x2)",
        "INSERT INTO r VALUES (4, 1.0, 2.0)",
        "CREATE VIRTUAL TABLE r USING rtree_i32(id, x1, x2)",
        "SELECT id || x2 FROM r",
        "42",
    )
    .await;
    let t = "CREATE TABLE t (a text)";
    keeps(
        &format!("{t}; CREATE VIRTUAL TABLE f USING fts5(a, content='t')"),
        "INSERT INTO t VALUES ('running'); INSERT INTO f (f) VALUES ('rebuild')",
        &format!("{t}; CREATE VIRTUAL TABLE f USING fts5(a, content='t', tokenize='porter')"),
        "SELECT count(*) FROM f('run')",
        "1",
    )
    .await;
    keeps(
        &format!("{t}; CREATE VIEW v AS SELECT a FROM f; CREATE VIRTUAL TABLE f USING fts5(a, b)"),
        "INSERT INTO f VALUES ('x', 'y')",
        &format!("{t}; CREATE VIEW v AS SELECT a FROM f; CREATE VIRTUAL TABLE f USING fts4(a)"),
        "SELECT count(*) FROM v",
        "1",
    )
    .await;
}

#[tokio::test]
async fn a_rename_keeps_rows_and_leaves_nothing_to_do() {
    let mut file = File::with(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT CHECK (mail <> ''));
         CREATE TABLE posts (author REFERENCES users (id) ON DELETE CASCADE);
         CREATE INDEX by_mail ON users (lower(mail));
         CREATE VIEW broken AS SELECT 1 FROM missing;
         CREATE TRIGGER g AFTER DELETE ON users BEGIN DELETE FROM posts; END",
    )
    .await;
    file.run("INSERT INTO users VALUES (1, 'a'); INSERT INTO posts VALUES (1)").await;
    let to = File::with(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT CHECK (email <> ''));
         CREATE TABLE posts (author REFERENCES people (id) ON DELETE CASCADE);
         CREATE INDEX by_mail ON people (lower(email));
         CREATE VIEW broken AS SELECT 1 FROM missing;
         CREATE TRIGGER g AFTER DELETE ON people BEGIN DELETE FROM posts; END",
    )
    .await
    .read()
    .await;
    let from = file.read().await;
    let rename = |kind, parent: Option<&str>, from: &str, to: &str| Rename {
        kind,
        schema: None,
        parent: parent.map(str::to_owned),
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let guessed: Vec<Rename> = from.guesses(&to).into_iter().map(|guess| guess.rename).collect();
    assert_eq!(guessed, []);
    let renames = [
        rename(RenameKind::Table, None, "users", "people"),
        rename(RenameKind::Column, Some("users"), "mail", "email"),
    ];
    for step in from.rename(&renames).expect("the statements") {
        file.run(&step.sql).await;
    }
    assert_eq!(script(&file.read().await, &to), "");
    assert_eq!(file.value("SELECT email || (SELECT author FROM posts) FROM people").await, "a1");
}

#[tokio::test]
async fn what_the_scope_ignores_comes_back_with_its_table() {
    let mut file = File::with(
        "CREATE TABLE t (a int); CREATE INDEX job_i ON t (a);
         CREATE TRIGGER job_g AFTER DELETE ON t BEGIN SELECT 1; END;
         CREATE VIEW job_v AS SELECT a FROM t",
    )
    .await;
    let to = File::with("CREATE TABLE t (a text)").await.read().await;
    let scope = Scope { ignore: vec!["job_*".to_owned()], ..Scope::default() };
    let from = introspect(&mut file.session, &scope).await.expect("a catalog");
    file.run(&script(&from, &to)).await;
    let reached = introspect(&mut file.session, &scope).await.expect("a catalog");
    assert_eq!(script(&reached, &to), "");
    let ours = "SELECT group_concat(name) FROM \
        (SELECT name FROM sqlite_schema WHERE name LIKE 'job%' ORDER BY name)";
    assert_eq!(file.value(ours).await, "job_g,job_i,job_v");
}
