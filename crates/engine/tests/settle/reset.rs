//! `reset`: what goes, what stays, and what is refused.

use xtask_db_engine::{DeployOptions, Scope, Silent, deploy, objects, reset};
use xtask_db_sql::Dialect;

use crate::place::{deployed, done, look, open, problem, runs};
use crate::support::{databases, history};

/// One of everything that a server has, and things that belong to others.
fn everything(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Sqlite => &[
            "CREATE TABLE users (id INTEGER PRIMARY KEY)",
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, by INT REFERENCES users(id))",
            "INSERT INTO users VALUES (1)",
            "INSERT INTO posts VALUES (1, 1)",
            "CREATE VIEW active AS SELECT * FROM users",
            "CREATE TRIGGER g AFTER INSERT ON users BEGIN SELECT 1; END",
            "CREATE VIRTUAL TABLE words USING fts5(body)",
        ],
        Dialect::Postgres => &[
            "CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN short AS text; \
             CREATE TYPE pair AS (a mood, b int); CREATE TYPE span AS RANGE (subtype = int)",
            "CREATE FUNCTION f(m mood) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE TABLE users (id serial PRIMARY KEY, m mood, s short DEFAULT 'x', \
             k int DEFAULT f('a'))",
            "CREATE TABLE posts (id int GENERATED ALWAYS AS IDENTITY, by int REFERENCES users(id))",
            "ALTER TABLE users ADD FOREIGN KEY (k) REFERENCES users(id)",
            "CREATE TABLE parts (id int) PARTITION BY RANGE (id); \
             CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (1) TO (2)",
            "CREATE VIEW active AS SELECT id, f(m) FROM users; \
             CREATE MATERIALIZED VIEW counted AS SELECT * FROM active",
            "CREATE SEQUENCE numbers; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'; \
             CREATE AGGREGATE biggest(int) (sfunc = int4larger, stype = int)",
        ],
        Dialect::Mysql => &[
            "CREATE TABLE users (id INT PRIMARY KEY)",
            "CREATE TABLE posts (id INT, by_id INT, FOREIGN KEY (by_id) REFERENCES users(id))",
            "INSERT INTO users VALUES (1)",
            "INSERT INTO posts VALUES (1, 1)",
            "CREATE VIEW active AS SELECT * FROM users",
            "CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1",
            "CREATE PROCEDURE p() SELECT 1",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1",
        ],
    }
}

fn listed(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Sqlite => &["view active", "virtual table words", "table posts", "table users"],
        Dialect::Postgres => &[
            "view active",
            "materialized view counted",
            "table part1",
            "table parts",
            "table posts",
            "table users",
            "sequence numbers",
            "aggregate biggest",
            "function f",
            "procedure p",
            "domain short",
            "type mood",
            "type pair",
            "type span",
        ],
        Dialect::Mysql => {
            &["event e", "function f", "procedure p", "view active", "table posts", "table users"]
        }
    }
}

#[tokio::test]
async fn everything_goes_and_the_history_runs_again() {
    for database in databases("everything").await {
        let dialect = database.url.dialect();
        let history = history(dialect, everything(dialect));
        let mut session = deployed(&database.url, &history).await;
        assert!(runs(&mut session, "CREATE TABLE job_queue (id INT)").await);
        assert!(runs(&mut session, "CREATE TABLE _sqlx_migrations (id INT)").await);
        let scope = Scope { schemas: Vec::new(), ignore: vec!["job_*".to_owned()] };
        let shown = objects(&mut session, &scope).await.unwrap();
        assert_eq!(shown, listed(dialect), "{dialect}");
        let dropped = reset(&mut session, &scope).await.unwrap();
        assert_eq!(dropped, shown, "{dialect}");

        assert!(objects(&mut session, &scope).await.unwrap().is_empty(), "{dialect}");
        assert!(runs(&mut session, "SELECT * FROM job_queue").await, "{dialect}");
        assert!(runs(&mut session, "SELECT * FROM _sqlx_migrations").await, "{dialect}");
        let seen = look(&mut session, &history).await;
        assert_eq!(seen.ledger.environment(), Some("deployed"), "{dialect}");
        assert_eq!(seen.ledger.rows, [], "{dialect}");
        assert!(!seen.ledger.held, "{dialect}");
        let again = deploy(&mut session, &history, &DeployOptions::default(), &mut Silent).await;
        assert_eq!(again.unwrap().applied.len(), history.migrations.len(), "{dialect}");
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn what_stays_must_not_depend_on_what_goes() {
    for database in databases("depends").await {
        let dialect = database.url.dialect();
        let history = history(dialect, &["CREATE TABLE users (id INT PRIMARY KEY)"]);
        let mut session = deployed(&database.url, &history).await;
        let stays = "CREATE TABLE job_queue (id INT, by_id INT, \
             FOREIGN KEY (by_id) REFERENCES users(id))";
        assert!(runs(&mut session, stays).await);
        let scope = Scope { schemas: Vec::new(), ignore: vec!["job_*".to_owned()] };
        let refused = problem(reset(&mut session, &scope).await);
        assert!(refused.contains("job_queue"), "{dialect}: {refused}");
        assert!(runs(&mut session, "SELECT * FROM users").await, "{dialect}");
        assert_eq!(look(&mut session, &history).await.survey.applied.len(), 1, "{dialect}");
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn other_schemas_stay_unless_they_are_named() {
    for database in databases("schemas").await {
        let dialect = database.url.dialect();
        let history = history(dialect, &["CREATE TABLE users (id INT PRIMARY KEY)"]);
        let mut session = open(&database.url, &history).await;
        if dialect == Dialect::Postgres {
            let other = "CREATE SCHEMA other; CREATE TABLE other.t (id int); \
                 CREATE VIEW other.v AS SELECT * FROM other.t; \
                 CREATE EXTENSION IF NOT EXISTS plpgsql;";
            assert!(runs(&mut session, other).await);
            deploy(&mut session, &history, &DeployOptions::default(), &mut Silent).await.unwrap();
            let shown = objects(&mut session, &Scope::default()).await.unwrap();
            assert_eq!(shown, ["table users"]);
            let view = "CREATE VIEW other.of_users AS SELECT * FROM users";
            assert!(runs(&mut session, view).await);
            let refused = problem(reset(&mut session, &Scope::default()).await);
            assert!(refused.contains("view other.of_users"), "{refused}");
            let schemas = vec!["public".to_owned(), "other".to_owned()];
            let scope = Scope { schemas, ignore: Vec::new() };
            let dropped = reset(&mut session, &scope).await.unwrap();
            let all = ["view other.of_users", "view other.v", "table other.t", "table users"];
            assert_eq!(dropped, all);
        }
        done(session, &database.url).await;
    }
}
