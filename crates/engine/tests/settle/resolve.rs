//! `resolve`: each form, in the states it fits and in those it does not.

use xtask_db_engine::{
    DeployOptions, Error, Resolution, ResolveReport, Session, Silent, deploy, resolve,
};
use xtask_db_history::{History, MigrationId};
use xtask_db_sql::Dialect;

use crate::place::{deployed, done, failed, look, open, problem, runs};
use crate::support::{databases, history, migration};

async fn settle(
    session: &mut Session,
    history: &History,
    resolution: Resolution,
) -> Result<ResolveReport, Error> {
    let options = DeployOptions::default();
    resolve(session, history, &resolution, &options, &mut Silent).await
}

fn id(name: &str) -> MigrationId {
    name.parse().unwrap()
}

const HALF: &str = "-- xtask-db: no-transaction\nCREATE TABLE a (id INT);\nDROP TABLE missing;\n\
    CREATE TABLE c (id INT);";

/// A history whose only migration stops at its second of three statements, journaled everywhere.
fn half(dialect: Dialect) -> History {
    history(dialect, &[HALF])
}

#[tokio::test]
async fn a_baseline_is_recorded_and_not_run() {
    for database in databases("baseline").await {
        let dialect = database.url.dialect();
        let history = history(dialect, &["CREATE TABLE a (id INT)"; 3]);
        let mut session = open(&database.url, &history).await;
        assert!(runs(&mut session, "CREATE TABLE a (id INT)").await);
        let options = DeployOptions::default();
        let unmanaged = deploy(&mut session, &history, &options, &mut Silent).await;
        assert!(matches!(unmanaged, Err(Error::Unmanaged { .. })), "{dialect}");

        // What cannot be settled leaves no table behind.
        let unknown = settle(&mut session, &history, Resolution::AppliedThrough(id("9_x"))).await;
        assert_eq!(problem(unknown), "9_x: is not on disk");
        assert!(!look(&mut session, &history).await.ledger.present, "{dialect}");

        let through = Resolution::AppliedThrough(id("2_m"));
        let report = settle(&mut session, &history, through.clone()).await.unwrap();
        assert_eq!(report.changed, ["1_m", "2_m"]);
        let seen = look(&mut session, &history).await;
        assert_eq!(seen.survey.pending, [id("3_m")]);
        assert_eq!(seen.ledger.environment(), Some("deployed"));
        assert!(seen.ledger.rows.iter().all(|row| row.steps == 0 && row.finished_at.is_some()));
        let report = settle(&mut session, &history, through).await.unwrap();
        assert_eq!(report.unchanged, ["1_m", "2_m"]);
        assert_eq!(look(&mut session, &history).await.ledger.rows.len(), 2);
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn a_failed_migration_is_settled_each_way() {
    for database in databases("each").await {
        let dialect = database.url.dialect();
        let history = half(dialect);
        let (mut session, _) = failed(&database.url, &history).await;
        assert_eq!(look(&mut session, &history).await.survey.failed.len(), 1, "{dialect}");
        let rolled_back = Resolution::RolledBack("1_m".to_owned());
        let report = settle(&mut session, &history, rolled_back.clone()).await.unwrap();
        assert_eq!(report.changed, ["1_m"], "{dialect}");
        let seen = look(&mut session, &history).await;
        assert_eq!((seen.survey.pending.len(), seen.survey.failed.len()), (1, 0), "{dialect}");
        let report = settle(&mut session, &history, rolled_back.clone()).await.unwrap();
        assert_eq!(report.unchanged, ["1_m"], "{dialect}");

        let applied = Resolution::Applied(id("1_m"));
        let report = settle(&mut session, &history, applied.clone()).await.unwrap();
        assert_eq!(report.changed, ["1_m"], "{dialect}");
        assert!(look(&mut session, &history).await.survey.up_to_date(), "{dialect}");
        let report = settle(&mut session, &history, applied).await.unwrap();
        assert_eq!(report.unchanged, ["1_m"], "{dialect}");
        let refused = problem(settle(&mut session, &history, rolled_back).await);
        assert!(refused.contains("applied and finished"), "{dialect}: {refused}");
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn a_failed_migration_is_declared_applied() {
    for database in databases("declared").await {
        let history = half(database.url.dialect());
        let (mut session, _) = failed(&database.url, &history).await;
        settle(&mut session, &history, Resolution::Applied(id("1_m"))).await.unwrap();
        let seen = look(&mut session, &history).await;
        assert!(seen.survey.up_to_date(), "{:?}", seen.survey);
        assert_eq!(seen.ledger.rows.len(), 1);
        assert_eq!(seen.ledger.rows[0].logs, None);
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn a_journaled_migration_is_resumed() {
    for database in databases("resume").await {
        let dialect = database.url.dialect();
        let history = half(dialect);
        let (mut session, _) = failed(&database.url, &history).await;
        let steps = look(&mut session, &history).await.survey.failed[0].row.steps;
        let resume = |from| Resolution::Resume { id: id("1_m"), from };
        let none = problem(settle(&mut session, &history, resume(Some(9))).await);
        assert_eq!(none, "1_m: has statements 1 to 3, not 9");
        if steps > 0 {
            let done = problem(settle(&mut session, &history, resume(Some(1))).await);
            assert!(done.contains("known to be committed"), "{dialect}: {done}");
        }
        // The same statement fails again, and nothing before it runs twice.
        let again = settle(&mut session, &history, resume(None)).await;
        assert!(matches!(again, Err(Error::Failed(_))), "{dialect}: {again:?}");
        if steps == 0 {
            assert!(runs(&mut session, "CREATE TABLE a (id INT)").await, "{dialect}");
        }
        // A person did the second statement.
        let report = settle(&mut session, &history, resume(Some(3))).await.unwrap();
        assert_eq!(report.applied[0].statements, 1, "{dialect}");
        assert!(look(&mut session, &history).await.survey.up_to_date(), "{dialect}");
        assert!(runs(&mut session, "SELECT * FROM c").await, "{dialect}");
        let finished = problem(settle(&mut session, &history, resume(None)).await);
        assert_eq!(finished, "1_m: is applied: nothing is left to run");
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn a_renamed_migration_keeps_its_row() {
    for database in databases("renamed").await {
        let dialect = database.url.dialect();
        let old = history(dialect, &["CREATE TABLE a (id INT)", "CREATE TABLE b (id INT)"]);
        let mut session = deployed(&database.url, &old).await;
        let mut new = history(dialect, &["CREATE TABLE a (id INT)"]);
        new.migrations.push(migration("2_better", "CREATE TABLE b (id INT)"));
        new.lock.seal(&new.migrations[1].clone());
        let renamed =
            |old: &str, new: &str| Resolution::Renamed { old: old.to_owned(), new: id(new) };
        let on_disk = problem(settle(&mut session, &new, renamed("1_m", "2_better")).await);
        assert_eq!(on_disk, "1_m: is on disk: it was not renamed");
        let report = settle(&mut session, &new, renamed("2_m", "2_better")).await.unwrap();
        assert_eq!(report.changed, ["2_better"]);
        assert!(look(&mut session, &new).await.survey.up_to_date(), "{dialect}");
        let report = settle(&mut session, &new, renamed("2_m", "2_better")).await.unwrap();
        assert_eq!(report.unchanged, ["2_better"]);
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn drafts_and_other_environments_are_refused() {
    for database in databases("drafts").await {
        let mut history = history(database.url.dialect(), &["CREATE TABLE a (id INT)"]);
        let mut session = deployed(&database.url, &history).await;
        history.migrations.push(migration("2_draft", "CREATE TABLE b (id INT)"));
        let refused = settle(&mut session, &history, Resolution::Applied(id("2_draft"))).await;
        assert!(matches!(&refused, Err(Error::Drafts(ids)) if ids.len() == 1), "{refused:?}");
        let options = DeployOptions {
            environment: Some("production".to_owned()),
            drafts: true,
            ..DeployOptions::default()
        };
        let resolution = Resolution::Applied(id("2_draft"));
        let refused = resolve(&mut session, &history, &resolution, &options, &mut Silent).await;
        assert!(matches!(refused, Err(Error::Environment { .. })), "{refused:?}");
        assert_eq!(look(&mut session, &history).await.ledger.rows.len(), 1);
        done(session, &database.url).await;
    }
}
