//! `lint --against`: the queries of a revision, tried with the migrations that it does not have.

use xtask_db_tests::support::{Kind, Run, Workspace};
use xtask_db_tests::{on_each, snapshot};

const USERS: &str = "20260101000000_users";
const NEXT: &str = "20260102000000_next";
/// The line of the first query of `app`, and its column.
const FIRST: &str = "src/lib.rs:3:18";

/// An application at `HEAD` with this query, whose migration makes two tables.
fn app(ws: &Workspace, query: &str) {
    let next = format!("migrations/{NEXT}");
    if ws.has(&next) {
        ws.remove(&next);
    }
    ws.migration(
        USERS,
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50) NOT NULL, nick \
         VARCHAR(20));\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(50));\n",
    );
    ws.write("src/lib.rs", format!("fn f() {{\n    let _ =\n    sqlx::query!(\"{query}\");\n}}\n"));
    ws.run_ok(&["lock"]);
    ws.git_init();
}

/// The same migration on each server that can do it; `lint --against HEAD` after it.
fn after(ws: &Workspace, sql: &str) -> Run {
    ws.migration(NEXT, sql);
    ws.run(&["lint", "--against", "HEAD"])
}

/// Findings of the rules that look at the running release, as `rule level path:line:column`.
fn found(ws: &Workspace) -> Vec<String> {
    let json = ws.run(&["lint", "--against", "HEAD", "--json"]).json();
    let files = json["files"].as_array().expect("files").clone();
    let each = files.iter().flat_map(|file| file["findings"].as_array().expect("findings").clone());
    let shown = each.map(|one| {
        let word = |key: &str| one[key].as_str().expect("a text").to_owned();
        (word("rule"), word("level"), word("path"), one["line"].clone(), one["column"].clone())
    });
    let of_query = shown.filter(|(rule, ..)| ["C11", "C12", "C13", "C14"].contains(&rule.as_str()));
    of_query
        .map(|(rule, level, path, line, at)| format!("{rule} {level} {path}:{line}:{at}"))
        .collect()
}

/// What a change does to a query.
#[track_caller]
fn check(ws: &Workspace, query: &str, sql: &str, expected: &[&str]) {
    app(ws, query);
    let _ = after(ws, sql);
    let expected: Vec<String> = expected.iter().map(|one| format!("{one} {FIRST}")).collect();
    assert_eq!(found(ws), expected, "{query} after {sql}");
}

const SELECT: &str = "SELECT id, email, nick FROM users WHERE email = 'a'";

on_each!(
    fn an_additive_change_reports_nothing(ws) {
        app(ws, SELECT);
        let run = after(
            ws,
            "CREATE TABLE tags (id INTEGER PRIMARY KEY);\n\
             ALTER TABLE users ADD COLUMN age INTEGER;\n\
             ALTER TABLE users ADD COLUMN plan VARCHAR(9) NOT NULL DEFAULT 'free';\n",
        );
        run.ok().says("1 query of HEAD tried with 1 migration: all as before");
        assert_eq!(found(ws), [""; 0]);
    }
);

on_each!(
    fn an_index_more_reports_nothing(ws) {
        check(ws, SELECT, "CREATE INDEX users_email ON users (email);\n", &[]);
    }
);

on_each!(
    fn a_renamed_column(ws) {
        check(ws, SELECT, "ALTER TABLE users RENAME COLUMN nick TO nickname;\n", &["C11 error"]);
        let run = ws.run(&["lint", "--against", "HEAD"]).refused(5, "XDB0409").says(FIRST);
        assert!(run.stdout.contains(&format!("after: migrations/{NEXT}/migration.sql")));
    }
);

on_each!(
    fn a_dropped_table(ws) {
        check(ws, "SELECT body FROM notes", "DROP TABLE notes;\n", &["C11 error"]);
    }
);

on_each!(
    [Postgres, MariaDb]
    fn a_type_that_changes(ws) {
        let change = match ws.database().kind() {
            Kind::Postgres => "ALTER TABLE users ALTER COLUMN id TYPE BIGINT;\n",
            _ => "ALTER TABLE users MODIFY id BIGINT;\n",
        };
        check(ws, SELECT, change, &["C12 error"]);
    }
);

on_each!(
    [Postgres, MariaDb]
    fn a_not_null_that_is_dropped(ws) {
        let change = match ws.database().kind() {
            Kind::Postgres => "ALTER TABLE users ALTER COLUMN email DROP NOT NULL;\n",
            _ => "ALTER TABLE users MODIFY email VARCHAR(50) NULL;\n",
        };
        check(ws, SELECT, change, &["C13 error"]);
    }
);

/// SQLite changes types and nulls by a rebuild.
#[test]
fn a_rebuild() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    let rebuild = "CREATE TABLE new (id INTEGER PRIMARY KEY, email BLOB, nick VARCHAR(20));\n\
                   INSERT INTO new (id, email, nick) SELECT id, email, nick FROM users;\n\
                   DROP TABLE users;\nALTER TABLE new RENAME TO users;\n";
    check(&ws, SELECT, rebuild, &["C12 error", "C13 error"]);
}

on_each!(
    [Postgres, Sqlite]
    fn a_required_column_breaks_inserts(ws) {
        let change = match ws.database().kind() {
            Kind::Postgres => "ALTER TABLE notes ADD COLUMN owner INTEGER NOT NULL;\n",
            _ => "DROP TABLE notes;\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(50), \
                  owner INTEGER NOT NULL);\n",
        };
        let insert = "INSERT INTO notes (id, body) VALUES (1, 'x')";
        check(ws, insert, change, &["C14 error"]);
        check(ws, "UPDATE notes SET body = 'x' WHERE id = 1", change, &[]);
    }
);

on_each!(
    [Postgres]
    fn what_only_a_connection_that_holds_it_is_told(ws) {
        // sqlx keeps statements, and the server does not let their result change
        let wider = "ALTER TABLE users ALTER COLUMN email TYPE VARCHAR(80);\n";
        check(ws, SELECT, wider, &["C12 warning"]);
        let more = "ALTER TABLE users ADD COLUMN age INTEGER;\n";
        check(ws, "SELECT * FROM users", more, &["C12 warning"]);
        // the release that runs sends a text
        let number = "ALTER TABLE notes ALTER COLUMN body TYPE INTEGER USING 1;\n";
        check(ws, "SELECT id FROM notes WHERE body = $1", number, &["C11 error"]);
        app(ws, "INSERT INTO notes (id, body) VALUES (1, 'x') ON CONFLICT (id) DO NOTHING");
        let _ = after(ws, "ALTER TABLE notes DROP CONSTRAINT notes_pkey;\n");
        assert_eq!(found(ws), [format!("C11 error {FIRST}")]);
    }
);

on_each!(
    fn each_migration_answers_for_itself(ws) {
        app(ws, SELECT);
        // gone in between: while the second one waits, the query fails
        ws.migration(NEXT, "ALTER TABLE users RENAME COLUMN nick TO alias;\n");
        ws.migration("20260103000000_back", "ALTER TABLE users RENAME COLUMN alias TO nick;\n");
        let json = ws.run(&["lint", "--against", "HEAD", "--json"]).json();
        let ids: Vec<&str> = json["files"].as_array().expect("files").iter()
            .filter(|file| file["findings"].to_string().contains("\"C11\""))
            .map(|file| file["id"].as_str().expect("an id"))
            .collect();
        assert_eq!(ids, [NEXT]);
    }
);

on_each!(
    [PgBouncer]
    fn behind_a_pooler(ws) {
        // connections there have statements of others, so nothing is told of them
        app(ws, SELECT);
        let run = after(ws, "ALTER TABLE users RENAME COLUMN nick TO nickname;\n");
        run.refused(2, "XDB0101").says("shadow-url");
        let base = ("GITHUB_BASE_REF", "main");
        let run = ws.run_with(&[base], &["lint"]);
        run.refused(5, "XDB0409").says("queries of main: not tried");
    }
);

on_each!(
    fn what_is_not_tried_is_told_once_for_each_reason(ws) {
        app(ws, SELECT);
        let query = "    sqlx::query!(\"SELECT a FROM elsewhere\");\n";
        ws.write("src/other.rs", format!("fn f() {{\n{}}}\n", query.repeat(9)));
        ws.git_commit("other");
        let run = after(ws, "CREATE TABLE tags (id INTEGER PRIMARY KEY);\n").ok();
        let told = run.stdout.lines().filter(|line| line.starts_with("not tried")).count();
        assert_eq!(told, 1, "{}", run.stdout);
        let run = run.says("src/other.rs:2:18 and 8 more");
        run.says("1 query of HEAD tried with 1 migration, 9 not");
    }
);

on_each!(
    [Postgres]
    fn rules_are_told_the_schema_of_the_shadow(ws) {
        ws.migration(
            "20251231000000_made",
            "DO $$ BEGIN EXECUTE 'CREATE TABLE made (name VARCHAR(20))'; END $$;\n",
        );
        app(ws, SELECT);
        ws.migration(NEXT, "ALTER TABLE made ALTER COLUMN name TYPE VARCHAR(50);\n");
        // from the text nobody knows how long it was
        ws.run(&["lint"]).refused(5, "XDB0409").says("K13");
        ws.run(&["lint", "--against", "HEAD"]).ok().silent_about("K13");
    }
);

#[test]
fn every_format_names_the_source() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    app(&ws, "SELECT body FROM notes");
    let run = after(&ws, "DROP TABLE notes;\n").refused(5, "XDB0409");
    snapshot!("text", run);
    let format = |word: &str| ws.run(&["lint", "--against", "HEAD", "--format", word]);
    let sarif = format("sarif").refused(5, "XDB0409").json();
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let of_query = results.iter().find(|one| one["ruleId"] == "C11").expect("it is found");
    let physical = |list: &str| of_query[list][0]["physicalLocation"].clone();
    assert_eq!(physical("locations")["artifactLocation"]["uri"], "src/lib.rs");
    assert_eq!(physical("locations")["region"]["startLine"], 3);
    let cause = format!("migrations/{NEXT}/migration.sql");
    assert_eq!(physical("relatedLocations")["artifactLocation"]["uri"], cause);
    let github = format("github").refused(5, "XDB0409");
    let line = "::error file=src/lib.rs,line=3,col=18,title=C11 running-query-fails::";
    assert!(github.stdout.contains(line), "{}", github.stdout);
    let json = format("json").refused(5, "XDB0409").json();
    assert_eq!(json["running"]["revision"], "HEAD");
    assert_eq!(
        (&json["running"]["queries"], &json["running"]["migrations"]),
        (&1.into(), &1.into())
    );
    // a pull request is compared with its base
    ws.set("GITHUB_BASE_REF", "main");
    let _ = ws.run(&["lint"]).refused(5, "XDB0409").says("C11");
    // and a comment in the migration says that it is meant
    let allow = "-- xtask-db: allow C11,L01 reason=\"notes are not called\"\nDROP TABLE notes;\n";
    let _ = after(&ws, allow).ok().says("allowed[C11] src/lib.rs:3:18");
}

/// A workspace below the root of its repository: paths are those of the folder that it runs in.
#[test]
fn a_workspace_within_a_repository() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    app(&ws, SELECT);
    ws.remove(".git");
    ws.set("GIT_CEILING_DIRECTORIES", "/");
    let above = ws.root().parent().expect("a folder above").to_owned();
    let git = |words: &[&str]| {
        let done = ws.command("git").current_dir(&above).args(words).status().expect("git runs");
        assert!(done.success(), "{words:?}");
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "one"]);
    let _ = after(&ws, "ALTER TABLE users RENAME COLUMN nick TO alias;\n");
    assert_eq!(found(&ws), [format!("C11 error {FIRST}")]);
}

#[test]
fn queries_come_from_the_revision_and_from_what_sqlx_kept() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    let kept = "{\"db_name\":\"SQLite\",\"query\":\"SELECT body FROM notes\"}";
    ws.write(".sqlx/query-1.json", kept);
    ws.write("Cargo.toml", "[workspace]\n");
    ws.write("sql/one.sql", "SELECT nick FROM users\n");
    ws.write(
        "src/more.rs",
        "fn g() { query_file!(\"sql/one.sql\"); query(\"SELECT no FROM users\") }\n",
    );
    app(&ws, SELECT);
    // the working tree has moved on; the release that runs has not
    ws.write("src/lib.rs", "");
    ws.remove(".sqlx/query-1.json");
    let run = after(&ws, "DROP TABLE notes;\nALTER TABLE users RENAME COLUMN nick TO alias;\n");
    let run = run.refused(5, "XDB0409").says("not tried src/more.rs:1:44");
    assert!(run.stdout.contains(".sqlx/query-1.json:1:1"), "{}", run.stdout);
    assert!(
        run.stdout.contains("3 queries of HEAD tried with 1 migration, 1 not"),
        "{}",
        run.stdout
    );
    let expected = [
        "C11 error .sqlx/query-1.json:1:1".to_owned(),
        format!("C11 error {FIRST}"),
        "C11 error src/more.rs:1:22".to_owned(),
    ];
    let mut found = found(&ws);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn without_a_database_it_is_said() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    app(&ws, "SELECT body FROM notes");
    ws.set("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    let lock = ws.lock_file().replace("provider sqlite", "provider postgresql");
    ws.write("migrations/migrations.lock", lock);
    ws.migration(NEXT, "DROP TABLE notes;\n");
    let _ = ws.run(&["lint", "--against", "HEAD"]).refused(9, "XDB0801");
    ws.set("GITHUB_BASE_REF", "main");
    let _ = ws.run(&["lint"]).refused(5, "XDB0409").says("queries of main: not tried");
}

on_each!(
    fn nothing_is_left_behind(ws) {
        app(ws, "INSERT INTO notes (id, body) VALUES (1, 'x')");
        let _ = after(ws, "ALTER TABLE notes RENAME COLUMN body TO text;\n").refused(5, "XDB0409");
        assert!(!ws.database().has_table("notes"));
        let list = match ws.database().kind() {
            Kind::Sqlite => return,
            Kind::MariaDb => "SELECT schema_name FROM information_schema.schemata",
            _ => "SELECT datname FROM pg_database",
        };
        let prefix = ws.database().shadow_prefix();
        let names = ws.database().column(list);
        assert!(!names.iter().any(|name| name.starts_with(&prefix)), "{names:?}");
    }
);
