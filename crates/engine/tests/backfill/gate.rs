//! What waits for a backfill, and what a backfill waits for.

use xtask_db_engine::{BackfillState, Silent, WaitsFor, backfills, inspect};

use super::*;
use crate::support::{databases, history};

const AFTER: &str = "-- xtask-db: after-backfill 1_m\nCREATE TABLE after_it (id INT)";

#[tokio::test]
async fn a_later_migration_waits_until_the_verify_has_passed() {
    for database in databases("bf_gate").await {
        let dialect = database.url.dialect();
        let texts = [&table(300), "CREATE TABLE y (id INT)", AFTER, "CREATE TABLE z (id INT)"];
        let history = with_backfill(
            history(dialect, &texts),
            COUNT_UP,
            Some("SELECT id FROM t WHERE n <> 1;"),
        );
        let mut session = open(&database.url, &history).await;
        let report = deployed(&mut session, &history).await.expect("a deploy");
        let waits = WaitsFor { id: "3_m".parse().expect("an id"), backfill: first(&history) };
        let ids: Vec<&str> = report.applied.iter().map(|one| one.id.as_str()).collect();
        assert_eq!((ids, &report.waiting), (vec!["1_m", "2_m"], &Some(waits.clone())), "{dialect}");

        let seen = inspect(&mut session, &history).await.expect("a look");
        let all = backfills(&history, &seen.ledger).expect("states");
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].progress.state, BackfillState::Waiting);

        // Every batch has run, and a row that came meanwhile does not pass.
        sql(&mut session, "INSERT INTO t VALUES (-5, 7)").await;
        let failed = run(&mut session, &history, &mut Silent).await;
        assert!(matches!(failed, Err(Error::BackfillVerify { .. })), "{dialect}: {failed:?}");
        let still = deployed(&mut session, &history).await.expect("nothing");
        assert_eq!((still.applied.len(), still.waiting), (0, Some(waits)), "{dialect}");

        sql(&mut session, "DELETE FROM t WHERE id = -5").await;
        let done = run(&mut session, &history, &mut Silent).await.expect("only the verify");
        assert_eq!((done.ran, done.progress.state), (0, BackfillState::Done), "{dialect}");
        let report = deployed(&mut session, &history).await.expect("the rest");
        assert_eq!((report.applied.len(), report.waiting), (2, None), "{dialect}");
        expect(&mut session, "SELECT count(*) FROM t WHERE n = 1", "300").await;
        session.close().await;
    }
}

#[tokio::test]
async fn a_gate_that_names_nothing_is_refused_before_anything_runs() {
    for after in ["9_m", "2_m", "3_m"] {
        for database in databases("bf_name").await {
            let gate = format!("-- xtask-db: after-backfill {after}\nCREATE TABLE x (id INT)");
            let texts = ["CREATE TABLE a (id INT)", &gate, "CREATE TABLE b (id INT)"];
            let history = history(database.url.dialect(), &texts);
            let mut session = open(&database.url, &history).await;
            let refused = deployed(&mut session, &history).await;
            assert!(matches!(refused, Err(Error::Id { .. })), "{after}: {refused:?}");
            let seen = inspect(&mut session, &history).await.expect("a look");
            assert_eq!(seen.survey.applied.len(), 0);
            session.close().await;
        }
    }
}
