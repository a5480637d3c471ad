//! `script`: the servers' own clients run it, and `deploy` finds nothing left to do.

use std::io::Write as _;
use std::process::{Command, Stdio};

use xtask_db_engine::{DbUrl, script};
use xtask_db_history::MigrationId;
use xtask_db_sql::Dialect;

use crate::place::{done, look, open, runs};
use crate::support::{databases, history};

#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
fn client(url: &DbUrl) -> Option<Command> {
    let mut command = match url.dialect() {
        Dialect::Sqlite => Command::new("sqlite3"),
        Dialect::Postgres => Command::new("psql"),
        Dialect::Mysql => Command::new("mariadb"),
    };
    if command.arg("--version").output().is_err() {
        println!("skipped: {:?} is not installed", command.get_program());
        return None;
    }
    let mut command = Command::new(command.get_program());
    match url.dialect() {
        Dialect::Sqlite => command.arg(url.database()),
        Dialect::Postgres => {
            let base = std::env::var("XDB_TEST_POSTGRES_URL").unwrap();
            let (start, _) = base.rsplit_once('/').unwrap();
            command.args(["-X", "-q", &format!("{start}/{}", url.database())])
        }
        Dialect::Mysql => {
            let host = url.host();
            let (host, port) = host.rsplit_once(':').unwrap();
            let base = std::env::var("XDB_TEST_MARIADB_URL").unwrap();
            let user = base.split("//").nth(1).unwrap().split('@').next().unwrap();
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            command.env("MYSQL_PWD", password);
            let user = format!("-u{user}");
            let (host, port) = (format!("-h{host}"), format!("-P{port}"));
            command.args(["--no-defaults", &user, &host, &port, &url.database()])
        }
    };
    Some(command)
}

#[tokio::test]
async fn the_clients_run_it() {
    for database in databases("script").await {
        let (url, dialect) = (&database.url, database.url.dialect());
        let third = match dialect {
            Dialect::Sqlite => {
                "CREATE TRIGGER g AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM b; END;"
            }
            Dialect::Postgres => {
                "SELECT set_config('search_path', '', false); \
                 CREATE INDEX CONCURRENTLY i ON public.a (id);"
            }
            Dialect::Mysql => {
                "CREATE TRIGGER g AFTER INSERT ON a FOR EACH ROW BEGIN DELETE FROM b; \
                 DELETE FROM b; END;"
            }
        };
        let texts = [
            "CREATE TABLE a (id INT); CREATE TABLE b (id INT); -- ;'\n",
            "BEGIN; \
            INSERT INTO a VALUES (1); COMMIT;",
            third,
        ];
        let history = history(dialect, &texts);
        let ids: Vec<MigrationId> = history.migrations.iter().map(|m| m.id.clone()).collect();
        let text = script(&history, &ids, "0.0.0").unwrap();
        let mut session = open(url, &history).await;
        if let Some(mut client) = client(url) {
            let mut run = client.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            run.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
            let output = run.wait_with_output().unwrap();
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{dialect}: {error}\n{text}");
            let seen = look(&mut session, &history).await;
            assert!(seen.survey.up_to_date(), "{dialect}: {:?}", seen.survey);
            assert!(seen.survey.applied.iter().all(|row| row.row_id.len() == 36));
            assert_eq!(seen.survey.applied[0].steps, 2, "{dialect}");
            assert!(runs(&mut session, "SELECT * FROM b").await, "{dialect}");
        }
        done(session, url).await;
    }
}
