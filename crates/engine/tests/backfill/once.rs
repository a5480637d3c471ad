//! Each row once: to the end, cut short, with two runners, held by a person.

use std::time::Duration;

use xtask_db_engine::{
    Actor, BackfillState, DownOptions, Error, Event, Observer, Silent, down, pause_backfill,
};
use xtask_db_history::SqlFile;

use super::*;
use crate::support::{databases, history};

const ROWS: u32 = 4000;
const EACH_ONCE: &str = "SELECT count(*) FROM t WHERE n = 1";

#[tokio::test]
async fn every_row_once_and_then_its_verify() {
    for database in databases("bf_all").await {
        let history = history(database.url.dialect(), &[&table(ROWS)]);
        let verify = "SELECT id FROM t WHERE n <> 1;";
        let history = with_backfill(history, COUNT_UP, Some(verify));
        let mut session = open(&database.url, &history).await;
        deployed(&mut session, &history).await.expect("the verify is the backfill's");
        let report = run(&mut session, &history, &mut Silent).await.expect("a backfill");
        assert_eq!(report.progress.state, BackfillState::Done);
        assert_eq!((report.progress.rows, report.progress.keys), (4000, 4000));
        assert_eq!(report.progress.batches, report.ran);
        assert!(report.ran > 3, "{report:?}");
        let again = run(&mut session, &history, &mut Silent).await.expect("nothing");
        assert_eq!((again.ran, again.progress.state), (0, BackfillState::Done));
        expect(&mut session, EACH_ONCE, "4000").await;
        session.close().await;
    }
}

#[tokio::test]
async fn a_runner_that_is_cut_short_again_and_again() {
    for database in databases("bf_cut").await {
        let history = history(database.url.dialect(), &[&table(ROWS)]);
        let history = with_backfill(history, COUNT_UP, None);
        let mut session = open(&database.url, &history).await;
        deployed(&mut session, &history).await.expect("a deploy");
        let mut cuts = 0;
        loop {
            let mut runner = open(&database.url, &history).await;
            // 1, 2, 4, … 32: the first ones are too short for forty batches.
            let time = Duration::from_millis(1 << (cuts % 6));
            let mut silent = Silent;
            let running = run(&mut runner, &history, &mut silent);
            // The future is dropped in the middle of whatever it does.
            match tokio::time::timeout(time, running).await {
                Ok(Ok(report)) => {
                    assert_eq!(report.progress.state, BackfillState::Done);
                    runner.close().await;
                    break;
                }
                Ok(Err(error)) => panic!("{error:?}"),
                Err(_) => cuts += 1,
            }
            assert!(cuts < 1000, "it never comes to its end");
        }
        assert!(cuts > 1, "it was cut {cuts} times");
        expect(&mut session, EACH_ONCE, "4000").await;
        session.close().await;
    }
}

#[tokio::test]
async fn two_runners_never_do_one_batch() {
    let mut urls: Vec<(_, Option<_>)> = Vec::new();
    for database in databases("bf_two").await {
        urls.push((database, None));
    }
    // Behind a transaction pooler no session can hold a lock.
    if let Ok(pooler) = std::env::var("XDB_TEST_PGBOUNCER_URL") {
        let pooler = xtask_db_engine::DbUrl::parse(&pooler, std::path::Path::new("")).expect("url");
        for database in databases("bf_pooled").await {
            if database.url.dialect() == Dialect::Postgres {
                let pooled = pooler.with_database(&database.url.database());
                urls.push((database, Some(pooled)));
            }
        }
    }
    for (database, pooled) in urls {
        let history = history(database.url.dialect(), &[&table(ROWS)]);
        let history = with_backfill(history, COUNT_UP, None);
        let mut session = open(&database.url, &history).await;
        deployed(&mut session, &history).await.expect("a deploy");
        let url = pooled.as_ref().unwrap_or(&database.url);
        let (mut one, mut other) = (open(url, &history).await, open(url, &history).await);
        let (mut silent, mut quiet) = (Silent, Silent);
        let (first, second) = tokio::join!(
            run(&mut one, &history, &mut silent),
            run(&mut other, &history, &mut quiet)
        );
        let (first, second) = (first.expect("one"), second.expect("the other"));
        assert_eq!(first.progress.state, BackfillState::Done, "{url:?}");
        assert_eq!(second.progress.batches, first.ran + second.ran, "{url:?}");
        expect(&mut session, EACH_ONCE, "4000").await;
        for session in [one, other, session] {
            session.close().await;
        }
    }
}

/// Does something in another session after the first batch.
struct AfterFirst<F>(Option<F>);

impl<F: FnOnce() + Send> Observer for AfterFirst<F> {
    fn on(&mut self, event: Event<'_>) {
        if let (Event::Batch { .. }, Some(act)) = (event, self.0.take()) {
            act();
        }
    }
}

/// To its end, on a thread of its own.
fn meanwhile(act: impl Future<Output = ()> + Send) {
    std::thread::scope(|scope| {
        let done = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(act);
        });
        done.join().expect("the other did it");
    });
}

#[tokio::test]
async fn a_person_holds_it_and_lets_it_go_on() {
    for database in databases("bf_pause").await {
        let history = history(database.url.dialect(), &[&table(ROWS)]);
        let history = with_backfill(history, COUNT_UP, None);
        let mut session = open(&database.url, &history).await;
        deployed(&mut session, &history).await.expect("a deploy");
        let mut pause = AfterFirst(Some(|| {
            meanwhile(async {
                let mut other = open(&database.url, &history).await;
                let (id, actor) = (first(&history), Actor::default());
                let held = pause_backfill(&mut other, &history, &id, &actor, None).await;
                assert_eq!(held.expect("a pause").state, BackfillState::Paused);
                other.close().await;
            });
        }));
        let held = run(&mut session, &history, &mut pause).await.expect("it stops");
        assert_eq!((held.progress.state, held.ran), (BackfillState::Paused, 1));
        let done = run(&mut session, &history, &mut Silent).await.expect("it goes on");
        assert_eq!(done.progress.state, BackfillState::Done);
        expect(&mut session, EACH_ONCE, "4000").await;
        session.close().await;
    }
}

#[tokio::test]
async fn what_is_reverted_meanwhile_is_not_filled_any_further() {
    for database in databases("bf_down").await {
        let mut history = history(database.url.dialect(), &[&table(ROWS)]);
        let text = "DELETE FROM t WHERE 1 = 0;";
        history.migrations[0].down = Some(SqlFile { path: "down.sql".into(), text: text.into() });
        let history = with_backfill(history, COUNT_UP, None);
        let mut session = open(&database.url, &history).await;
        deployed(&mut session, &history).await.expect("a deploy");
        let mut revert = AfterFirst(Some(|| {
            meanwhile(async {
                let mut other = open(&database.url, &history).await;
                let lock_wait = Duration::from_secs(10);
                let options = DownOptions { actor: Actor::default(), lock_wait, dry_run: false };
                let ids = [first(&history)];
                let done = down(&mut other, &history, &ids, &options, &mut Silent).await;
                assert_eq!(done.expect("a down").reverted.len(), 1);
                other.close().await;
            });
        }));
        let gone = run(&mut session, &history, &mut revert).await;
        assert!(matches!(gone, Err(Error::Id { .. })), "{gone:?}");
        let again = run(&mut session, &history, &mut Silent).await;
        assert!(matches!(again, Err(Error::Id { .. })), "{again:?}");
        let left = "SELECT CASE WHEN count(*) > 0 THEN 'left' END FROM t WHERE n = 0";
        expect(&mut session, left, "left").await;
        session.close().await;
    }
}
