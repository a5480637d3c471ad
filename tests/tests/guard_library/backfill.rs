//! `Migrator::backfill`.

use xtask_db::{BackfillOptions, BackfillState, DeployOptions};
use xtask_db_tests::on_each;

use crate::deploy::deploy;
use crate::embedded::{B, filling, run};

on_each!(
    fn fills_and_lets_the_rest_be_deployed(ws) {
        let table = "CREATE TABLE a (id INT PRIMARY KEY, n INT);\n\
            INSERT INTO a VALUES (1, 0), (2, 0), (30, 0);\n";
        let fill = "-- xtask-db: batch a(id) 2\n\
            UPDATE a SET n = n + 1 WHERE id > :from AND id <= :to;\n";
        let later = "-- xtask-db: after-backfill 1_a\nCREATE TABLE later (id INT);\n";
        let kind = ws.database().kind();
        let all = filling(kind, ("1_a", table), fill, &[B, ("3_later", later)]);
        let options = DeployOptions::new("the tests");
        assert_eq!(deploy(&all, ws, &options), Ok(vec!["1_a".into(), "2_b".into()]));

        let how = BackfillOptions::new("the tests");
        let done = run(all.backfill(ws.database().url(), &how)).expect("a backfill");
        assert_eq!(done.len(), 1);
        assert_eq!((done[0].progress.state, done[0].progress.rows), (BackfillState::Done, 3));
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM a WHERE n = 1"), "3");

        assert_eq!(deploy(&all, ws, &options), Ok(vec!["3_later".into()]));
        let again = run(all.backfill(ws.database().url(), &how)).expect("nothing to do");
        assert!(again.is_empty(), "{again:?}");
    }
);

on_each!(
    [Sqlite]
    fn another_environment_is_refused(ws) {
        let fill = "-- xtask-db: batch a(id) 2\nDELETE FROM a WHERE id > :from AND id <= :to;\n";
        let table = "CREATE TABLE a (id INT PRIMARY KEY);\nINSERT INTO a VALUES (1);\n";
        let all = filling(ws.database().kind(), ("1_a", table), fill, &[]);
        deploy(&all, ws, &DeployOptions::default().environment("staging")).expect("a deploy");
        let how = BackfillOptions::default().environment("production");
        let refused = run(all.backfill(ws.database().url(), &how)).expect_err("another mark");
        assert!(refused.to_string().contains("staging"), "{refused}");
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM a"), "1");
    }
);
