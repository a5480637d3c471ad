//! `down`: what is reverted, what a failure leaves, what is refused.

use std::time::Duration;

use xtask_db_engine::{
    Actor, DeployOptions, DownOptions, Error, LeftAs, Resolution, Silent, deploy, down, down_text,
    resolve,
};
use xtask_db_history::{History, MigrationId};
use xtask_db_sql::Dialect;

use crate::place::{deployed, done, look, problem, runs, with_down};
use crate::support::{Database, databases, history};

fn options(dry_run: bool) -> DownOptions {
    DownOptions { actor: Actor::default(), lock_wait: Duration::from_secs(5), dry_run }
}

fn ids_of(history: &History, places: &[usize]) -> Vec<MigrationId> {
    places.iter().map(|&at| history.migrations[at].id.clone()).collect()
}

fn two_tables(database: &Database) -> History {
    let texts = ["CREATE TABLE a (id INT)", "CREATE TABLE b (id INT); INSERT INTO b VALUES (1)"];
    let history = history(database.url.dialect(), &texts);
    with_down(with_down(history, 0, "DROP TABLE a;"), 1, "DELETE FROM b;\nDROP TABLE b;")
}

#[tokio::test]
async fn reverts_newest_first_and_deploys_again() {
    for database in databases("down").await {
        let history = two_tables(&database);
        let mut session = deployed(&database.url, &history).await;
        let both = ids_of(&history, &[1, 0]);
        let dry = down(&mut session, &history, &both, &options(true), &mut Silent).await.unwrap();
        assert_eq!(dry.reverted.len(), 2);
        assert_eq!(look(&mut session, &history).await.survey.applied.len(), 2, "a dry run");

        let report = down(&mut session, &history, &both, &options(false), &mut Silent).await;
        let reverted = report.unwrap().reverted;
        let shown: Vec<_> = reverted.iter().map(|r| (r.id.as_str(), r.statements)).collect();
        assert_eq!(shown, [("2_m", 2), ("1_m", 1)], "{}", database.url);
        let seen = look(&mut session, &history).await;
        assert!(seen.survey.applied.is_empty());
        assert!(seen.ledger.rows.iter().all(|row| row.rolled_back_at.is_some()));
        assert!(!seen.ledger.held);

        let again = deploy(&mut session, &history, &DeployOptions::default(), &mut Silent).await;
        assert_eq!(again.unwrap().applied.len(), 2);
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn the_kept_text_reverts_what_the_disk_forgot() {
    for database in databases("kept").await {
        let history = two_tables(&database);
        let mut session = deployed(&database.url, &history).await;
        let mut forgotten = history.clone();
        forgotten.migrations[1].down = None;
        let (place, text) = down_text(&mut session, &forgotten, "2_m").await.unwrap().unwrap();
        assert_eq!((place.as_str(), text.lines().count()), ("down:2_m in _xtask_db_meta", 2));
        let ids = ids_of(&history, &[1]);
        down(&mut session, &forgotten, &ids, &options(false), &mut Silent).await.unwrap();
        // What was kept is gone with what it reverts.
        assert_eq!(down_text(&mut session, &forgotten, "2_m").await.unwrap(), None);
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn refuses_before_anything_runs() {
    for database in databases("refuse").await {
        let mut history = two_tables(&database);
        history.migrations[0].down = None;
        let mut session = deployed(&database.url, &history).await;
        let mut refused = async |places: &[usize]| {
            let ids = ids_of(&history, places);
            problem(down(&mut session, &history, &ids, &options(false), &mut Silent).await)
        };
        assert_eq!(refused(&[1, 0]).await, "1_m: has no down.sql");
        assert_eq!(refused(&[1, 1]).await, "2_m: is named twice");
        assert_eq!(look(&mut session, &history).await.survey.applied.len(), 2);
        let ids = ids_of(&history, &[1]);
        down(&mut session, &history, &ids, &options(false), &mut Silent).await.unwrap();
        let again = down(&mut session, &history, &ids, &options(false), &mut Silent).await;
        assert_eq!(problem(again), "2_m: was rolled back already");
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn a_failure_leaves_the_migration_applied() {
    for database in databases("halfway").await {
        let dialect = database.url.dialect();
        let text = "DELETE FROM b;\nDROP TABLE b;\nDROP TABLE missing;";
        let history = with_down(two_tables(&database), 1, text);
        let mut session = deployed(&database.url, &history).await;
        let ids = ids_of(&history, &[1]);
        let failed = down(&mut session, &history, &ids, &options(false), &mut Silent).await;
        let Err(Error::Failed(failure)) = failed else { panic!("{dialect}: {failed:?}") };
        assert_eq!((failure.statement, failure.statements), (3, 3), "{dialect}");
        assert_eq!(look(&mut session, &history).await.survey.applied.len(), 2, "{dialect}");
        if dialect == Dialect::Mysql {
            assert_eq!(failure.left, LeftAs::Partly { done: 2 });
        } else {
            assert_eq!(failure.left, LeftAs::Untouched);
            assert!(runs(&mut session, "SELECT * FROM b").await);
        }
        // What is half reverted stops every other step.
        let stopped = deploy(&mut session, &history, &DeployOptions::default(), &mut Silent).await;
        if dialect == Dialect::Mysql {
            assert!(problem(stopped).starts_with("2_m: is half reverted"));
            let other = ids_of(&history, &[0]);
            let other = down(&mut session, &history, &other, &options(false), &mut Silent).await;
            assert!(problem(other).starts_with("2_m: is half reverted"));
        } else {
            assert!(stopped.is_ok(), "{dialect}: {stopped:?}");
        }
        // Once the cause is gone, the rest is run, and nothing twice.
        assert!(runs(&mut session, "CREATE TABLE missing (id INT)").await);
        let report = down(&mut session, &history, &ids, &options(false), &mut Silent).await;
        let statements = report.unwrap().reverted[0].statements;
        assert_eq!(statements, if dialect == Dialect::Mysql { 1 } else { 3 }, "{dialect}");
        assert!(!runs(&mut session, "SELECT * FROM b").await);
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn another_text_does_not_finish_a_revert() {
    let twice = databases("changed").await.into_iter().chain(databases("changed").await);
    for (at, database) in twice.filter(|d| d.url.dialect() == Dialect::Mysql).enumerate() {
        let history = with_down(two_tables(&database), 1, "DROP TABLE b; DROP TABLE missing;");
        let mut session = deployed(&database.url, &history).await;
        let ids = ids_of(&history, &[1]);
        down(&mut session, &history, &ids, &options(false), &mut Silent).await.unwrap_err();
        let other = with_down(history.clone(), 1, "DROP TABLE a; DROP TABLE b;");
        let refused = down(&mut session, &other, &ids, &options(false), &mut Silent).await;
        assert!(matches!(refused, Err(Error::ResumeText { done: 1, .. })), "{refused:?}");
        assert!(runs(&mut session, "SELECT * FROM a").await);
        // A person says that it is still applied, or that it is not.
        let told = if at % 2 == 0 {
            Resolution::Applied(history.migrations[1].id.clone())
        } else {
            Resolution::RolledBack("2_m".to_owned())
        };
        let plain = DeployOptions::default();
        let report = resolve(&mut session, &history, &told, &plain, &mut Silent).await.unwrap();
        assert_eq!(report.changed, ["2_m"]);
        let seen = look(&mut session, &history).await;
        assert_eq!(seen.survey.applied.len(), 2 - at % 2, "{told:?}");
        assert!(seen.ledger.meta.keys().all(|key| !key.starts_with("reverting:")));
        done(session, &database.url).await;
    }
}
