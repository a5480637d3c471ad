//! Tries the queries of a revision on a shadow: with the migrations that it has, then after each
//! that it does not have.
//!
//! Invariant: a query that could not be prepared before is no finding, and is named.

use std::collections::BTreeSet;

use xtask_db_engine::{DbError, Holding, Prepared, Shadow};
use xtask_db_history::{History, LockFile, Migration};
use xtask_db_lint::{Harm, HarmKind, QueryColumn, QueryShape, compare, refused_writes};
use xtask_db_schema::Relation;
use xtask_db_sql::{Dialect, Syntax};

use super::sources::{Query, read};
use super::{Proof, Unproved};
use crate::against::reach;
use crate::context::Context;
use crate::fault::Fault;
use crate::schema::Quieter;
use crate::shadow::{on_shadow, tell_not_run};

/// The queries are tried this many times at most; with more migrations after several at a time.
const STAGES_MAX: usize = 50;
/// PostgreSQL: "cached plan must not change result type".
const RESULT_CHANGED: &str = "0A000";

/// Proves that the queries of a revision run on with the migrations that it does not have.
/// `base` is its lock file.
pub(crate) async fn prove(
    context: &Context,
    history: &History,
    rev: &str,
    base: Option<&LockFile>,
) -> Result<Proof, Fault> {
    let mut proof = Proof { revision: rev.to_owned(), ..Proof::default() };
    let Some(base) = base else {
        proof.missing = Some("it has no lock file, so nothing says what its schema is".to_owned());
        return Ok(proof);
    };
    let deployed = |one: &&Migration| base.entry(&one.id).is_some();
    let before: Vec<Migration> = history.migrations.iter().filter(deployed).cloned().collect();
    let pending: Vec<Migration> =
        history.migrations.iter().filter(|one| !deployed(one)).cloned().collect();
    proof.migrations = pending.len();
    if pending.is_empty() {
        return Ok(proof);
    }
    let (git, commit) = reach(&context.migrations()?, rev)?;
    let root = &context.project()?.root;
    let found = read((&git, &commit), root, &context.folder, history.dialect());
    proof.queries = found.queries.len() + found.unread.len();
    proof.unproved = found.unread;
    proof.sources = found.texts;
    if found.queries.is_empty() {
        return Ok(proof);
    }
    let mut shadows = context.shadows_without_cache(&history.lock)?;
    let mut progress = Quieter::of(context);
    let taken = shadows.take(&before, &mut progress).await;
    drop(progress);
    let shadow = taken.map_err(|error| on_shadow(error, history, &history.lock))?;
    let mut trial = Trial::new(context, history, &found.queries, shadow);
    let done = trial.run(&pending, before.len(), &mut proof).await;
    trial.end().await;
    shadows.release(&mut context.progress()).await;
    done.map(|()| proof)
}

/// A shadow and what is known of the queries on it.
struct Trial<'a> {
    context: &'a Context,
    history: &'a History,
    queries: &'a [Query],
    /// Each text once.
    texts: Vec<String>,
    shadow: Shadow,
    holding: Option<Holding>,
}

/// What is known of the queries at one time.
struct Known {
    told: Vec<Result<Prepared, DbError>>,
    relations: Vec<Relation>,
}

impl<'a> Trial<'a> {
    fn new(
        context: &'a Context,
        history: &'a History,
        queries: &'a [Query],
        shadow: Shadow,
    ) -> Self {
        let texts: BTreeSet<&String> = queries.iter().map(|query| &query.text).collect();
        let texts = texts.into_iter().cloned().collect();
        Self { context, history, queries, texts, shadow, holding: None }
    }

    async fn run(
        &mut self,
        pending: &[Migration],
        done: usize,
        proof: &mut Proof,
    ) -> Result<(), Fault> {
        if !self.shadow.prepares() {
            return Err(Fault::Pooled);
        }
        let before = self.known().await?;
        // rules that ask for the schema get the shadow's, not what was read from texts
        let next = self.history.migrations.get(done).map(|one| &one.id);
        if next == pending.first().map(|one| &one.id) {
            proof.relations = Some(before.relations.clone());
        }
        self.holding = self.shadow.hold(&self.texts, &before.told).await?;
        for query in self.queries {
            if let Err(error) = &before.told[self.number(query)] {
                let why = format!("it cannot be prepared before either: {}", error.message);
                proof.unproved.push(Unproved { place: query.place.clone(), why });
            }
        }
        let mut said = BTreeSet::new();
        let total = done + pending.len();
        let mut done = done;
        for stage in pending.chunks(pending.len().div_ceil(STAGES_MAX)) {
            self.replay(stage, (done + 1, total)).await?;
            done += stage.len();
            let after = self.known().await?;
            let held = match &mut self.holding {
                Some(holding) => holding.retry().await?,
                None => vec![None; self.texts.len()],
            };
            let Some(last) = stage.last() else { continue };
            for query in self.queries {
                let number = self.number(query);
                let harms =
                    harms(query, self.syntax(), number, (&before, &after), held[number].as_ref());
                // what an earlier migration did is its finding alone
                let new = harms.into_iter().filter(|harm| {
                    said.insert((harm.place.clone(), harm.kind, harm.object.clone()))
                });
                let of: &mut Vec<Harm> = proof.harms.entry(last.id.to_string()).or_default();
                of.extend(new);
            }
        }
        Ok(())
    }

    async fn replay(&mut self, stage: &[Migration], numbers: (usize, usize)) -> Result<(), Fault> {
        let mut progress = Quieter::of(self.context);
        let ran = self.shadow.replay(stage, numbers, &mut progress).await;
        drop(progress);
        let not_run = ran.map_err(|error| on_shadow(error, self.history, &self.history.lock))?;
        tell_not_run(self.context, &not_run);
        Ok(())
    }

    async fn known(&mut self) -> Result<Known, Fault> {
        let told = self.shadow.prepare(&self.texts).await?;
        let catalog = self.shadow.catalog(&self.context.project()?.scope()).await?;
        Ok(Known { told, relations: catalog.relations() })
    }

    fn number(&self, query: &Query) -> usize {
        self.texts.binary_search(&query.text).unwrap_or_default()
    }

    fn syntax(&self) -> Syntax {
        self.history.lock.syntax()
    }

    async fn end(self) {
        if let Some(holding) = self.holding {
            holding.close().await;
        }
        self.shadow.release(&mut self.context.progress()).await;
    }
}

/// What became of a query.
fn harms(
    query: &Query,
    syntax: Syntax,
    number: usize,
    (before, after): (&Known, &Known),
    held: Option<&DbError>,
) -> Vec<Harm> {
    let Ok(was) = &before.told[number] else { return Vec::new() };
    let harm = |kind, message: String, mild| Harm {
        place: query.place.clone(),
        kind,
        object: String::new(),
        message,
        mild,
    };
    let is = match &after.told[number] {
        Ok(is) => is,
        Err(error) => return vec![harm(HarmKind::Fails, error.message.clone(), false)],
    };
    let dialect = syntax.dialect;
    let (was, is) = (shape(was, &before.relations, dialect), shape(is, &after.relations, dialect));
    let mut harms = compare(&query.place, query.reads, &was, &is);
    match held {
        Some(error) if error.code.as_deref() != Some(RESULT_CHANGED) => {
            harms.push(harm(HarmKind::Fails, error.message.clone(), false));
        }
        // lengths, precisions, collations: the driver does not see them, the server does
        Some(_) if !harms.iter().any(|harm| harm.kind == HarmKind::Columns) => {
            let message = "connections that have it prepared are refused until they are closed";
            harms.push(harm(HarmKind::Columns, message.to_owned(), true));
        }
        None if dialect != Dialect::Postgres => {
            // a column more at the end: these servers prepare it anew by themselves
            harms.retain(|harm| harm.kind != HarmKind::Columns || !harm.mild);
        }
        _ => {}
    }
    let tables = (&*before.relations, &*after.relations);
    harms.extend(refused_writes(&query.place, &query.text, syntax, tables));
    harms
}

/// Whether a column may be null is what its table says: a join is the same before and after.
fn shape(prepared: &Prepared, relations: &[Relation], dialect: Dialect) -> QueryShape {
    let columns = prepared.columns.iter().map(|column| QueryColumn {
        name: column.name.clone(),
        type_name: column.type_name.clone(),
        nullable: column.origin.as_ref().and_then(|of| nullable(of, relations, dialect)),
    });
    QueryShape { columns: columns.collect() }
}

fn nullable(
    (table, column): &(String, String),
    relations: &[Relation],
    dialect: Dialect,
) -> Option<bool> {
    let same = |a: &str, b: &str| match dialect {
        Dialect::Postgres => a == b,
        _ => a.eq_ignore_ascii_case(b),
    };
    let (schema, name) = match table.rsplit_once('.') {
        Some((schema, name)) => (Some(unquoted(schema)), unquoted(name)),
        None => (None, unquoted(table)),
    };
    let relation = relations.iter().find(|one| {
        // MySQL names the database always, PostgreSQL a schema that is not on the path
        let here = one.schema.is_none() && dialect != Dialect::Postgres;
        same(&one.name, &name) && (here || one.schema == schema)
    })?;
    let field = relation.columns.iter().find(|field| same(&field.name, column))?;
    Some(field.nullable)
}

fn unquoted(name: &str) -> String {
    match name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}
