//! `Migrator::deploy`.

use std::path::Path;
use std::time::Duration;

use xtask_db::{Ahead, DbUrl, DeployOptions, Migrator};
use xtask_db_tests::on_each;
use xtask_db_tests::support::{Kind, Workspace};

use crate::embedded::{A, B, C, migrator, run};

/// The ids that were applied, or the error.
pub(crate) fn deploy(
    migrator: &Migrator,
    ws: &Workspace,
    options: &DeployOptions,
) -> Result<Vec<String>, String> {
    let report = run(migrator.deploy(ws.database().url(), options));
    let report = report.map_err(|error| error.to_string())?;
    Ok(report.applied.iter().map(|applied| applied.id.to_string()).collect())
}

fn options() -> DeployOptions {
    DeployOptions::new("the tests")
}

#[track_caller]
fn refused(result: Result<Vec<String>, String>, fragments: &[&str]) {
    let error = result.expect_err("it is refused");
    for fragment in fragments {
        assert!(error.contains(fragment), "{fragment} is not told: {error}");
    }
}

on_each!(
    fn what_is_pending_is_applied_once(ws) {
        let (kind, database) = (ws.database().kind(), ws.database());
        let first = migrator(kind, &[A, B]);
        assert_eq!(deploy(&first, ws, &options()), Ok(vec!["1_a".into(), "2_b".into()]));
        assert_eq!(deploy(&first, ws, &options()), Ok(vec![]));
        let next = migrator(kind, &[A, B, C]);
        assert_eq!(deploy(&next, ws, &options()), Ok(vec!["3_c".into()]));
        let rows = "SELECT checksum FROM _xtask_db_migrations ORDER BY migration_name";
        let recorded = database.column(rows);
        let embedded: Vec<&str> = next.migrations().iter().map(|one| one.checksum).collect();
        assert_eq!(recorded, embedded);
        assert!(database.has_table("c"));
        let status = run(next.status(database.url())).expect("a status");
        assert_eq!(status.environment(), Some("deployed"));
    }
);

on_each!(
    fn replicas_start_together(ws) {
        let all = migrator(ws.database().kind(), &[A, B, C]);
        let applied: usize = std::thread::scope(|scope| {
            let replica = || deploy(&all, ws, &options()).expect("a deploy").len();
            let replicas: Vec<_> = (0..4).map(|_| scope.spawn(replica)).collect();
            replicas.into_iter().map(|replica| replica.join().expect("no panic")).sum()
        });
        assert_eq!(applied, 3);
    }
);

on_each!(
    fn a_database_that_is_ahead(ws) {
        let kind = ws.database().kind();
        deploy(&migrator(kind, &[A, B, C]), ws, &options()).expect("a newer release");
        let older = migrator(kind, &[A, B]);
        assert_eq!(deploy(&older, ws, &options()), Ok(vec![]));
        refused(deploy(&older, ws, &options().ahead(Ahead::Refuse)), &["3_c", "newer release"]);
    }
);

on_each!(
    fn a_migration_fails(ws) {
        let bad = ("2_bad", "INSERT INTO a VALUES (1);\nINSERT INTO nowhere VALUES (1);\n");
        let failing = migrator(ws.database().kind(), &[A, bad, C]);
        let told = ["2_bad/migration.sql statement 2 of 2", "nowhere", "cargo xtask db status"];
        refused(deploy(&failing, ws, &options()), &told);
        // a restart does not run it again
        refused(deploy(&failing, ws, &options()), &["2_bad", "same error", "--retry"]);
        refused(deploy(&failing, ws, &options().retry(true)), &["2_bad", "nowhere"]);
        assert!(!ws.database().has_table("c"));
    }
);

on_each!(
    fn an_edited_row(ws) {
        let all = migrator(ws.database().kind(), &[A, B]);
        deploy(&all, ws, &options()).expect("a deploy");
        let other = "UPDATE _xtask_db_migrations SET checksum = '00' WHERE migration_name = '1_a'";
        ws.database().execute(other);
        let told = ["disagree; edited: 1_a", "cargo xtask db resolve"];
        refused(deploy(&all, ws, &options()), &told);
    }
);

on_each!(
    fn the_environment_is_stamped_and_kept(ws) {
        let all = migrator(ws.database().kind(), &[A]);
        let as_name = |name| deploy(&all, ws, &options().environment(name));
        assert_eq!(as_name("staging"), Ok(vec!["1_a".into()]));
        refused(as_name("production"), &["marked staging", "production"]);
        assert_eq!(as_name("staging"), Ok(vec![]));
    }
);

on_each!(
    fn objects_without_a_ledger(ws) {
        ws.database().execute("CREATE TABLE old (id INT)");
        let told = ["no _xtask_db_migrations table", "cargo xtask db adopt"];
        refused(deploy(&migrator(ws.database().kind(), &[A]), ws, &options()), &told);
        assert!(!ws.database().has_table("a"));
    }
);

on_each!(
    [Sqlite, Postgres]
    fn a_stored_policy(ws) {
        let all = migrator(ws.database().kind(), &[A, B]);
        deploy(&migrator(ws.database().kind(), &[A]), ws, &options()).expect("a deploy");
        ws.database().execute(
            "INSERT INTO _xtask_db_meta (key, value, updated_at) \
             VALUES ('policy', 'backup=required', CURRENT_TIMESTAMP)",
        );
        refused(deploy(&all, ws, &options()), &["backup", "cargo xtask db deploy --backup"]);
        assert!(!ws.database().has_table("b"));
    }
);

on_each!(
    fn another_kind_of_database(ws) {
        let kind = match ws.database().kind() {
            Kind::Sqlite => Kind::Postgres,
            _ => Kind::Sqlite,
        };
        refused(deploy(&migrator(kind, &[A]), ws, &options()), &["the lock file is for"]);
        assert!(!ws.database().has_table("_xtask_db_migrations"));
    }
);

on_each!(
    [Sqlite]
    fn a_pool_is_used_in_place(ws) {
        let all = migrator(Kind::Sqlite, &[A, B]);
        run(async {
            let options = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
            let url = format!("{}?mode=rwc", ws.database().url());
            let pool = options.connect(&url).await.expect("a pool");
            sqlx::query("PRAGMA foreign_keys = OFF").execute(&pool).await.expect("a setting");
            all.deploy(&pool, &DeployOptions::default()).await.expect("a deploy");
            all.verify(&pool, Ahead::Refuse).await.expect("it is up to date");
            let setting: i64 =
                sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&pool).await.expect("a value");
            assert_eq!(setting, 0, "the pool's connection is as it was");
        });
    }
);

on_each!(
    [Postgres]
    fn a_pool_gives_one_connection_away(ws) {
        let all = migrator(Kind::Postgres, &[A]);
        run(async {
            let pool = sqlx::PgPool::connect(ws.database().url()).await.expect("a pool");
            all.deploy(&pool, &DeployOptions::default()).await.expect("a deploy");
            all.verify(&pool, Ahead::Refuse).await.expect("it is up to date");
            let timeout: String =
                sqlx::query_scalar("SHOW lock_timeout").fetch_one(&pool).await.expect("a value");
            assert_eq!(timeout, "0", "no connection of the pool was set up for a deploy");
            pool.close().await;
        });
    }
);

on_each!(
    [MariaDb]
    fn a_pool_of_mariadb(ws) {
        let all = migrator(Kind::MariaDb, &[A]);
        run(async {
            let pool = sqlx::MySqlPool::connect(ws.database().url()).await.expect("a pool");
            all.deploy(&pool, &DeployOptions::default()).await.expect("a deploy");
            all.wait(&pool, Duration::ZERO).await.expect("nothing to wait for");
            pool.close().await;
        });
    }
);

on_each!(
    [Sqlite]
    fn a_url_that_was_parsed(ws) {
        let url = DbUrl::parse(ws.database().url(), Path::new("")).expect("a URL");
        let all = migrator(Kind::Sqlite, &[A]);
        run(all.deploy(&url, &options())).expect("a deploy");
        run(all.verify(url, Ahead::Accept)).expect("it is up to date");
    }
);
