//! The types read the rows that are there.

use sqlx::{Connection, MySqlConnection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use xtask_db_tests::support::{Database, Kind};

use crate::{mariadb, postgres, schemas, sqlite};

fn prepared(kind: Kind, schema: &str) -> Option<(TempDir, Database)> {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fresh(kind, folder.path())?;
    database.execute(schema);
    Some((folder, database))
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The first row of a table as a type, by a prepared statement.
macro_rules! first {
    ($connection:ty, $row:ty, $url:expr, $table:literal) => {
        block_on(async {
            let mut connection = <$connection>::connect($url).await.unwrap();
            let query = sqlx::query_as::<_, $row>(concat!("SELECT * FROM ", $table));
            query.fetch_one(&mut connection).await.unwrap()
        })
    };
}

#[test]
fn sqlite() {
    let Some((_folder, database)) = prepared(Kind::Sqlite, schemas::SQLITE) else { return };
    let user = first!(SqliteConnection, sqlite::Users, database.url(), "users");
    assert_eq!((user.user_name.as_str(), user.active, user.r#type), ("ann", true, None));
    let view = first!(SqliteConnection, sqlite::ActiveUser, database.url(), "active_users");
    assert_eq!(view.user_name.as_deref(), Some("ann"));
}

#[test]
fn postgres() {
    let Some((_folder, database)) = prepared(Kind::Postgres, schemas::POSTGRES) else { return };
    let user = first!(PgConnection, postgres::Users, database.url(), "users");
    assert_eq!((user.user_name.as_str(), user.mood), ("ann", postgres::Mood::Happy));
    assert_eq!(user.moods, [postgres::Mood::SoSo, postgres::Mood::Value2Sad]);
    assert_eq!((user.email.as_deref(), user.tags), (Some("a@b"), Some(vec!["x".to_owned()])));
    assert_eq!(user.settings, serde_json::json!({}));
    let view = first!(PgConnection, postgres::HappyUsers, database.url(), "happy_users");
    assert_eq!((view.id, view.mood), (Some(1), Some(postgres::Mood::Happy)));
}

#[test]
fn mariadb() {
    let Some((_folder, database)) = prepared(Kind::MariaDb, schemas::MARIADB) else { return };
    let user = first!(MySqlConnection, mariadb::Users, database.url(), "users");
    assert_eq!((user.user_name.as_str(), user.mood), ("ann", mariadb::UsersMood::Happy));
    assert_eq!((user.small, user.active, user.seen), (1, true, None));
    let view = first!(MySqlConnection, mariadb::HappyUsers, database.url(), "happy_users");
    assert_eq!((view.id, view.mood), (1, mariadb::UsersMood::Happy));
}
