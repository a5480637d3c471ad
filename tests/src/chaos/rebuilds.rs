//! Rebuilds of SQLite tables through the real deploy: every row is where it was, whatever the
//! foreign keys would do to it; and a plan that cannot run says so before it does.

mod fill;
mod rows;

use std::path::Path;

use xtask_db_engine::{
    DeployOptions, Error, Scope, Session, SessionOptions, Silent, deploy, introspect,
};
use xtask_db_history::{Checksum, Entry, History, LockFile, Migration, Sealed, SqlFile};
use xtask_db_schema::{Catalog, Hazard, HazardKind, Plan as Change, PlanOptions, migration_text};
use xtask_db_sql::{Dialect, Syntax};

use super::{Case, Ending, Plan, Tier};
use crate::generated::{self, Schema};
use crate::support::{Database, Kind, Random};
use fill::fill;
use rows::Rows;

const LEDGER: &str = "_xtask_db_migrations";
/// Rebuilds in one case whose rows were compared.
const REBUILDS_PER_CASE: usize = 10;
/// Drawn pairs in a case of any schemas; each is led there and back.
const PAIRS_PER_CASE: u32 = 10;
/// So many pairs have ten rebuilds among them, unless something is wrong with those that draw.
const PAIRS_MAX: usize = 200;

/// Families of tables under every action of foreign keys, and other schemas with rows in them.
pub(super) fn rebuilds(plan: &Plan<'_>) -> Vec<Case> {
    let cases = plan.of(2, 100, 200);
    let family = |number: u32| {
        Case::new(format!("family-{number}"), |random: &mut Random| {
            let (mut rebuilds, mut pairs) = (0, 0);
            while rebuilds < REBUILDS_PER_CASE {
                let (current, desired) = generated::sqlite::draw_family(random);
                rebuilds += there_and_back(&current, &desired, random);
                pairs += 1;
                assert!(pairs < PAIRS_MAX, "{rebuilds} rebuilds in {pairs} pairs");
            }
            Ending::Passed
        })
    };
    let any = |number: u32| {
        Case::new(format!("any-{number}"), |random: &mut Random| {
            (0..PAIRS_PER_CASE).for_each(|_| {
                if let Some((current, desired)) = generated::draw(Kind::Sqlite, random) {
                    there_and_back(&current, &desired, random);
                }
            });
            Ending::Passed
        })
    };
    let others = if plan.tier == Tier::Slice { 1 } else { cases / 5 };
    (0..cases).map(family).chain((0..others).map(any)).collect()
}

/// Fills a database, deploys the plan to the other schema and the plan back. Returns how many
/// tables were made again without the loss of a row or a value.
fn there_and_back(current: &Schema, desired: &Schema, random: &mut Random) -> usize {
    let folder = tempfile::tempdir().expect("a folder");
    let [a, b] = [current, desired].map(|schema| catalog_of(folder.path(), schema));
    let database = Database::fresh(Kind::Sqlite, folder.path()).expect("a file");
    let mut texts = vec![current.sql()];
    run(&database, &texts).expect("the schema");
    fill(&database, &a, random);
    let mut rebuilds = 0;
    for (from, to) in [(&a, &b), (&b, &a)] {
        let plan = from.plan(to, &PlanOptions::default()).expect("a plan");
        texts.push(migration_text(&plan.steps));
        match step(&database, from, to, &plan, &texts) {
            Step::Kept => rebuilds += plan.script().matches(" RENAME TO ").count(),
            Step::Lost => {}
            Step::Failed => break,
        }
    }
    rebuilds
}

/// How the deploy of a plan ended.
enum Step {
    /// Every row and every value is there.
    Kept,
    /// Something is not, which the plan had said.
    Lost,
    /// It did not run, which the plan had said, and nothing changed.
    Failed,
}

/// Deploys one plan, and compares the rows.
fn step(
    database: &Database,
    from: &Catalog,
    to: &Catalog,
    plan: &Change,
    texts: &[String],
) -> Step {
    let before = Rows::of(database, from);
    let findings = findings(database, plan);
    let found = |kind| findings.iter().any(|(hazard, _)| hazard.kind == kind);
    let said = || {
        let line = |(hazard, rows): &(&Hazard, _)| format!("{}: {rows:?}", hazard.text);
        findings.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    match run(database, texts) {
        Ok(()) => {
            let lost = before.lost(&Rows::of(database, to), from, to);
            let told = found(HazardKind::DataLoss);
            assert!(lost.is_empty() || told, "{}\n{}\n{}", lost.join("\n"), plan.script(), said());
            if lost.is_empty() { Step::Kept } else { Step::Lost }
        }
        Err(error) => {
            let after = Rows::of(database, from);
            assert!(before == after, "a failure changed rows: {error}\n{}", plan.script());
            let told = found(HazardKind::Unexecutable) || found(HazardKind::DataLoss);
            assert!(told, "nobody said that this fails: {error}\n{}\n{}", plan.script(), said());
            Step::Failed
        }
    }
}

/// The hazards that touch rows here, by their own queries.
fn findings<'a>(database: &Database, plan: &'a Change) -> Vec<(&'a Hazard, Option<String>)> {
    let hazards = plan.steps.iter().flat_map(|step| &step.hazards);
    let counted =
        hazards.map(|hazard| (hazard, hazard.probe.as_ref().map(|sql| database.value(sql))));
    counted.filter(|(_, rows)| rows.as_deref() != Some("0")).collect()
}

fn catalog_of(folder: &Path, schema: &Schema) -> Catalog {
    let database = Database::fresh(Kind::Sqlite, folder).expect("a file");
    run(&database, &[schema.sql()]).expect("the schema");
    block_on(async {
        let options = SessionOptions::default();
        let opened = Session::open(database.url(), LEDGER, &options).await;
        let mut session = opened.expect("a session");
        let catalog = introspect(&mut session, &Scope::default()).await.expect("a catalog");
        session.close().await;
        catalog
    })
}

/// Deploys a history of these texts.
fn run(database: &Database, texts: &[String]) -> Result<(), Error> {
    let history = history(texts);
    block_on(async {
        let options = SessionOptions::default();
        let mut session = Session::open(database.url(), LEDGER, &options).await?;
        let done = deploy(&mut session, &history, &DeployOptions::default(), &mut Silent).await;
        session.close().await;
        done.map(drop)
    })
}

fn history(texts: &[String]) -> History {
    let mut lock = LockFile::new(Dialect::Sqlite, LEDGER);
    let mut migrations = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let migration = Migration {
            id: format!("{}_m", at + 1).parse().expect("an id"),
            checksum: Checksum::of(text),
            up: SqlFile { path: "migration.sql".into(), text: text.clone().into() },
            down: None,
            verify: None,
            backfill: None,
            readme: None,
        };
        lock.put(Entry::Sealed(Sealed::of(&migration, Syntax::of(Dialect::Sqlite))));
        migrations.push(migration);
    }
    History { migrations, lock }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}
