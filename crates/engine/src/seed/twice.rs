//! Whether seeds change nothing when they run a second time: tried in a transaction that is
//! rolled back.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use xtask_db_schema::{Relation, RelationKind};
use xtask_db_sql::{Control, Dialect, ident, split};

use super::SeedFile;
use super::upsert::put_all;
use super::write::table;
use crate::{Error, Session};

/// What is run once.
#[derive(Debug, Clone, Default)]
pub struct Once {
    /// Files with rows.
    pub files: Vec<SeedFile>,
    /// Scripts: path and text.
    pub scripts: Vec<(String, String)>,
}

/// Runs the seeds twice and rolls back. Returns the tables that the second run has changed.
///
/// # Errors
/// A seed that fails, or that cannot be rolled back; nothing has changed then.
pub async fn prove_seeds(
    session: &mut Session,
    relations: &[Relation],
    once: &Once,
) -> Result<Vec<String>, Error> {
    for (path, text) in &once.scripts {
        refuse_commit(session, path, text)?;
    }
    session.fresh().await?;
    let begin = session.begin();
    session.tool("beginning to seed", begin).await?;
    let tried = twice(session, relations, once).await;
    let _ = session.run("ROLLBACK").await;
    tried
}

async fn twice(
    session: &mut Session,
    relations: &[Relation],
    once: &Once,
) -> Result<Vec<String>, Error> {
    run(session, relations, once).await?;
    let first = digests(session, relations).await?;
    run(session, relations, once).await?;
    let second = digests(session, relations).await?;
    let differs =
        |(name, digest): (String, String)| (first.get(&name) != Some(&digest)).then_some(name);
    Ok(second.into_iter().filter_map(differs).collect())
}

async fn run(session: &mut Session, relations: &[Relation], once: &Once) -> Result<(), Error> {
    put_all(session, relations, &once.files, false).await?;
    for (path, text) in &once.scripts {
        let problem = |what: String| {
            let path = path.clone();
            Error::Seed(super::SeedProblem { path, line: None, field: None, what })
        };
        session.run(text).await.map_err(|error| problem(error.to_string()))?;
    }
    Ok(())
}

/// A script that commits cannot be taken back.
fn refuse_commit(session: &Session, path: &str, text: &str) -> Result<(), Error> {
    let problem = |line: Option<u32>, what: &str| {
        let (path, what) = (path.to_owned(), what.to_owned());
        Error::Seed(super::SeedProblem { path, line, field: None, what })
    };
    let script =
        split(text, session.syntax()).map_err(|error| problem(None, &error.to_string()))?;
    for statement in &script.statements {
        let effects = &statement.effects;
        let control = !matches!(effects.control, None | Some(Control::Savepoint));
        if control || effects.alone {
            let at = xtask_db_sql::position(text, statement.span.start);
            let what = "ends the transaction, so that the check could not be taken back";
            return Err(problem(Some(at.line), what));
        }
    }
    Ok(())
}

/// A digest of the rows of each table, whatever their order.
async fn digests(
    session: &mut Session,
    relations: &[Relation],
) -> Result<BTreeMap<String, String>, Error> {
    let mut digests = BTreeMap::new();
    for relation in relations.iter().filter(|it| it.kind == RelationKind::Table) {
        let rows = session.read("reading the tables", &rows_of(session, relation)).await?;
        let mut sum = [0_u8; 32];
        for row in rows {
            let mut text = String::new();
            for value in row {
                let _ = write!(text, "{value:?},");
            }
            for (total, byte) in sum.iter_mut().zip(Sha256::digest(text.as_bytes())) {
                *total = total.wrapping_add(byte);
            }
        }
        digests.insert(relation.name.clone(), format!("{sum:?}"));
    }
    Ok(digests)
}

fn rows_of(session: &Session, relation: &Relation) -> String {
    let dialect = session.dialect();
    let columns = relation.columns.iter().map(|field| {
        let name = ident(dialect, &field.name);
        match dialect {
            Dialect::Sqlite => format!("quote({name})"),
            Dialect::Postgres => format!("{name}::text"),
            Dialect::Mysql => format!("hex({name})"),
        }
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    format!("SELECT {columns} FROM {}", table(dialect, relation))
}
