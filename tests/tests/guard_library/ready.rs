//! `status`, `verify` and `wait`: what a service does that leaves the deploy to another.

use std::time::{Duration, Instant};

use xtask_db::{Ahead, DeployOptions, Error, Migrator};
use xtask_db_tests::on_each;
use xtask_db_tests::support::{Kind, Workspace};

use crate::deploy::deploy;
use crate::embedded::{A, B, C, migrator, run};

fn verify(migrator: &Migrator, ws: &Workspace, ahead: Ahead) -> Result<(), String> {
    run(migrator.verify(ws.database().url(), ahead)).map_err(|error| error.to_string())
}

fn line(migrator: &Migrator, ws: &Workspace) -> String {
    run(migrator.status(ws.database().url())).expect("a status").to_string()
}

on_each!(
    fn behind_up_to_date_and_ahead(ws) {
        let kind = ws.database().kind();
        let (older, now) = (migrator(kind, &[A]), migrator(kind, &[A, B]));
        assert_eq!(line(&now, ws), "0 applied; pending: 1_a, 2_b");
        let error = verify(&now, ws, Ahead::Accept).expect_err("nothing is applied");
        assert!(error.contains("behind this build: 0 applied; pending: 1_a, 2_b"), "{error}");
        assert!(error.contains("cargo xtask db deploy"), "{error}");
        // it only looked
        assert!(!ws.database().has_table("_xtask_db_meta"));

        deploy(&older, ws, &DeployOptions::default()).expect("a deploy");
        let error = verify(&now, ws, Ahead::Accept).expect_err("one is pending");
        assert!(error.contains("1 applied; pending: 2_b"), "{error}");

        deploy(&now, ws, &DeployOptions::default()).expect("a deploy");
        assert_eq!(verify(&now, ws, Ahead::Refuse), Ok(()));
        assert_eq!(line(&now, ws), "2 applied");
        assert_eq!(verify(&older, ws, Ahead::Accept), Ok(()));
        assert_eq!(line(&older, ws), "2 applied; ahead: 2_b");
        let error = verify(&older, ws, Ahead::Refuse).expect_err("it is ahead");
        assert_eq!(error, "the database is ahead of this build: 2_b; start the newer release");
    }
);

on_each!(
    fn what_a_person_must_settle(ws) {
        let kind = ws.database().kind();
        deploy(&migrator(kind, &[A, B]), ws, &DeployOptions::default()).expect("a deploy");
        let other = ("1_a", "CREATE TABLE other (id INT);\n");
        let check = |migrations: &[(&str, &str)], expected: &str| {
            let migrator = migrator(kind, migrations);
            let error = verify(&migrator, ws, Ahead::Accept).expect_err(expected);
            assert!(error.contains(expected), "{error}");
            assert!(error.contains("cargo xtask db resolve"), "{error}");
            // waiting does not help
            let waited = run(migrator.wait(ws.database().url(), Duration::from_secs(60)));
            assert!(matches!(waited, Err(Error::Conflict { .. })), "{waited:?}");
        };
        check(&[other, B], "2 applied; edited: 1_a");
        check(&[B], "2 applied; missing: 1_a");
        check(&[("1_z", A.1), B], "2 applied; renamed: 1_a to 1_z");
        check(&[A, ("1_x", C.1), B], "2 applied; out of order: 1_x");
    }
);

on_each!(
    fn a_failed_migration(ws) {
        let kind = ws.database().kind();
        let bad = ("2_bad", "INSERT INTO nowhere VALUES (1);\n");
        let all = migrator(kind, &[A, bad]);
        deploy(&all, ws, &DeployOptions::default()).expect_err("no such table");
        let error = verify(&all, ws, Ahead::Accept).expect_err("it failed");
        // rolled back where DDL can be: pending again; elsewhere a person must look
        let told = if kind == Kind::MariaDb { "failed: 2_bad" } else { "pending: 2_bad" };
        assert!(error.contains(told), "{error}");
    }
);

on_each!(
    fn wait_ends_when_another_has_deployed(ws) {
        let all = migrator(ws.database().kind(), &[A, B]);
        let started = Instant::now();
        std::thread::scope(|scope| {
            let waiting =
                scope.spawn(|| run(all.wait(ws.database().url(), Duration::from_secs(60))));
            std::thread::sleep(Duration::from_millis(300));
            assert!(!waiting.is_finished());
            deploy(&all, ws, &DeployOptions::default()).expect("a deploy");
            waiting.join().expect("no panic").expect("it is up to date");
        });
        assert!(started.elapsed() < Duration::from_secs(30));
    }
);

on_each!(
    fn wait_gives_up_and_says_what_is_missing(ws) {
        let all = migrator(ws.database().kind(), &[A, B]);
        let limit = Duration::from_millis(250);
        let error = run(all.wait(ws.database().url(), limit)).expect_err("nobody deploys");
        assert!(matches!(error, Error::NotReady { waited, .. } if waited >= limit));
        let text = error.to_string();
        assert!(text.contains("pending: 1_a, 2_b"), "{text}");
    }
);

#[test]
fn a_server_that_does_not_answer_is_waited_for() {
    let all = migrator(Kind::Postgres, &[A]);
    // nothing listens on the discard port
    let url = "postgres://app:secret@127.0.0.1:9/app";
    let limit = Duration::from_millis(300);
    let error = run(all.wait(url, limit)).expect_err("there is no server");
    assert!(matches!(error, Error::NotReady { waited, .. } if waited >= limit), "{error}");
    let text = error.to_string();
    assert!(text.contains("127.0.0.1:9") && !text.contains("secret"), "{text}");
}

on_each!(
    [Postgres, MariaDb]
    fn a_refused_user_is_not_waited_for(ws) {
        let all = migrator(ws.database().kind(), &[A]);
        let url = ws.database().url();
        let Some(password) = ws.database().password() else {
            xtask_db_tests::support::skip("the server asks for no password");
            return;
        };
        let url = url.replacen(&format!(":{password}@"), ":not-the-secret@", 1);
        let started = Instant::now();
        let error = run(all.wait(url.as_str(), Duration::from_secs(60))).expect_err("refused");
        assert!(started.elapsed() < Duration::from_secs(20));
        assert!(matches!(error, Error::Engine(_)), "{error}");
        assert!(!error.to_string().contains("not-the-secret"), "{error}");
    }
);
