//! Drafts of an application that is being developed, and of one that got somewhere else.

use xtask_db::{DeployOptions, Drafts};
use xtask_db_tests::on_each;

use crate::deploy::deploy;
use crate::embedded::{A, B, DRAFT, debug, migrator};

fn allowed() -> DeployOptions {
    DeployOptions::default().drafts(Drafts::Allow)
}

/// No folder is there, so nothing is compared with it.
const NOWHERE: &str = "/nowhere/migrations";

on_each!(
    fn they_are_refused_when_nothing_is_said(ws) {
        let all = migrator(ws.database().kind(), &[A, DRAFT]);
        let error = deploy(&all, ws, &DeployOptions::default()).expect_err("a draft");
        assert!(error.starts_with("drafts are pending: 4_d; seal them"), "{error}");
        assert!(!ws.database().has_table("a"));
    }
);

on_each!(
    fn they_are_applied_while_developing(ws) {
        let kind = ws.database().kind();
        let first = debug(kind, &[A, DRAFT], NOWHERE.as_ref());
        assert_eq!(deploy(&first, ws, &allowed()), Ok(vec!["1_a".into(), "4_d".into()]));
        // the next one too: the database was marked for development
        let more = debug(kind, &[A, DRAFT, ("?5_e", "SELECT 1;\n")], NOWHERE.as_ref());
        assert_eq!(deploy(&more, ws, &allowed()), Ok(vec!["5_e".into()]));
    }
);

on_each!(
    fn they_never_go_to_a_protected_database(ws) {
        let kind = ws.database().kind();
        deploy(&migrator(kind, &[A]), ws, &allowed()).expect("nothing is a draft");
        let all = migrator(kind, &[A, B, DRAFT]);
        let error = deploy(&all, ws, &allowed()).expect_err("it is marked deployed");
        let told = "4_d is not sealed, and the database is marked deployed";
        assert!(error.starts_with(told), "{error}");
        // nor by saying what it is
        let named = allowed().environment("deployed");
        let error = deploy(&all, ws, &named).expect_err("it is marked deployed");
        assert!(error.starts_with(told), "{error}");
        assert!(!ws.database().has_table("b"));
        // without a draft the permission is no reason to refuse
        assert_eq!(deploy(&migrator(kind, &[A, B]), ws, &allowed()), Ok(vec!["2_b".into()]));
    }
);

on_each!(
    fn nor_to_one_that_lost_its_mark(ws) {
        let kind = ws.database().kind();
        deploy(&migrator(kind, &[A]), ws, &DeployOptions::default()).expect("a deploy");
        ws.database().execute("DELETE FROM _xtask_db_meta WHERE value = 'deployed'");
        let error = deploy(&migrator(kind, &[A, DRAFT]), ws, &allowed()).expect_err("no mark");
        assert!(error.starts_with("4_d is not sealed, and the database is not marked"), "{error}");
    }
);
