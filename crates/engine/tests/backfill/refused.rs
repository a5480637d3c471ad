//! Keys of every kind, those that cannot be walked, and batches that fail.

use xtask_db_engine::{BackfillState, Silent};

use super::*;
use crate::support::{databases, history};

#[tokio::test]
async fn keys_of_every_kind_and_none() {
    let ids = ["'b'", "'a'", "'it''s'", "'ü'", "' x'"];
    let uuids = [
        "'00000000-0000-0000-0000-000000000001'",
        "'ffffffff-ffff-4fff-bfff-ffffffffffff'",
        "'7d444840-9dc0-11d1-b245-5ffdce74fad2'",
    ];
    let cases: [(&str, &[&str], &[Dialect]); 6] = [
        ("VARCHAR(40)", &ids, &[Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql]),
        ("UUID", &uuids, &[Dialect::Postgres, Dialect::Mysql]),
        ("BIGINT", &["-9000000000000000000", "0", "9223372036854775807"], &[]),
        ("INT", &["-2147483648", "2147483647"], &[]),
        ("INT", &["5"], &[]),
        ("INT", &[], &[]),
    ];
    for database in databases("bf_keys").await {
        let dialect = database.url.dialect();
        let cases: Vec<_> =
            cases.iter().filter(|case| case.2.is_empty() || case.2.contains(&dialect)).collect();
        let tables = cases.iter().enumerate().map(|(at, (kind, keys, _))| {
            let rows: Vec<String> = keys.iter().map(|key| format!("({key}, 0)")).collect();
            let table = format!("CREATE TABLE t{at} (id {kind} PRIMARY KEY, n INT);");
            match keys.is_empty() {
                true => table,
                false => format!("{table} INSERT INTO t{at} VALUES {};", rows.join(", ")),
            }
        });
        let (mut session, history) = deployed_with_backfills(&database, tables.collect()).await;
        for (at, (kind, keys, _)) in cases.iter().enumerate() {
            let id = &history.migrations[at].id;
            let done = backfill(&mut session, &history, id, &many_batches(), &mut Silent).await;
            let done = done.unwrap_or_else(|error| panic!("{dialect} {kind}: {error}"));
            assert_eq!(done.progress.state, BackfillState::Done, "{dialect} {kind}");
            assert_eq!(done.progress.rows, keys.len() as u64, "{dialect} {kind} {keys:?}");
            let count = keys.len().to_string();
            let once = format!("SELECT count(*) FROM t{at} WHERE n = 1");
            expect(&mut session, &once, &count).await;
        }
        session.close().await;
    }
}

/// Applied migrations, each with a backfill of the table `t0`, `t1`, … that it makes.
async fn deployed_with_backfills(
    database: &crate::support::Database,
    tables: Vec<String>,
) -> (Session, History) {
    let texts: Vec<&str> = tables.iter().map(String::as_str).collect();
    let mut all = history(database.url.dialect(), &texts);
    for at in 0..texts.len() {
        let text = format!(
            "-- xtask-db: batch t{at}(id) 2\n\
             UPDATE t{at} SET n = n + 1 WHERE id > :from AND id <= :to"
        );
        all = with_backfill_at(all, at, &text, None);
    }
    let mut session = open(&database.url, &all).await;
    deployed(&mut session, &all).await.expect("a deploy");
    (session, all)
}

#[tokio::test]
async fn keys_that_cannot_be_walked() {
    for database in databases("bf_not").await {
        let mut cases = vec![
            ("id INT, n INT", "(1, 0), (NULL, 0)", "", "has NULL"),
            ("id VARCHAR(9), n INT", "('', 0), ('a', 0)", "", "nothing below"),
        ];
        match database.url.dialect() {
            Dialect::Postgres => {
                let nil = "('00000000-0000-0000-0000-000000000000', 0)";
                cases.push(("id UUID, n INT", nil, "", "nothing below"));
                cases.push(("id DATE, n INT", "('2026-01-01', 0)", "", "of type date"));
            }
            Dialect::Mysql => {
                cases.push(("id DATE, n INT", "('2026-01-01', 0)", "", "of type date"));
                cases.push(("id INT, n INT", "(1, 0)", " ENGINE = MyISAM", "engine MyISAM"));
            }
            Dialect::Sqlite => cases.push(("id, n INT", "(1.5, 0)", "", "of type real")),
        }
        let tables = cases.iter().enumerate().map(|(at, (columns, rows, options, _))| {
            format!("CREATE TABLE t{at} ({columns}){options}; INSERT INTO t{at} VALUES {rows};")
        });
        let (mut session, history) = deployed_with_backfills(&database, tables.collect()).await;
        for (at, (_, _, _, problem)) in cases.iter().enumerate() {
            let id = &history.migrations[at].id;
            let refused = backfill(&mut session, &history, id, &many_batches(), &mut Silent).await;
            let Err(Error::BackfillText { problem: found, .. }) = refused else {
                panic!("{problem}: {refused:?}")
            };
            assert!(found.contains(problem), "{found}");
            let untouched = format!("SELECT count(*) FROM t{at} WHERE n <> 0");
            expect(&mut session, &untouched, "0").await;
        }
        session.close().await;
    }
}

#[tokio::test]
async fn a_batch_that_fails_is_undone_and_tried_again_later() {
    for database in databases("bf_fails").await {
        let dialect = database.url.dialect();
        let up = table(1000).replace("n INT NOT NULL", "n INT NOT NULL, CHECK (n < 5)");
        let history = with_backfill(history(dialect, &[&up]), COUNT_UP, None);
        let mut session = open(&database.url, &history).await;
        deployed(&mut session, &history).await.expect("a deploy");
        sql(&mut session, "UPDATE t SET n = 4 WHERE id = 1500").await;
        let failed = run(&mut session, &history, &mut Silent).await;
        let Err(Error::BackfillFailed { batches, .. }) = failed else { panic!("{failed:?}") };
        assert!(batches > 0, "{dialect}");
        sql(&mut session, "UPDATE t SET n = 0 WHERE id = 1500").await;

        let other = COUNT_UP.replace("n + 1", "n + 2");
        let edited = with_backfill(history.clone(), &other, None);
        let refused = run(&mut session, &edited, &mut Silent).await;
        assert!(matches!(refused, Err(Error::BackfillText { .. })), "{dialect}: {refused:?}");

        let done = run(&mut session, &history, &mut Silent).await.expect("the rest");
        assert!(done.progress.batches > batches, "{dialect}");
        expect(&mut session, "SELECT count(*) FROM t WHERE n = 1", "1000").await;
        session.close().await;
    }
}
