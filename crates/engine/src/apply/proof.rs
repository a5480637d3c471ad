//! Whether a statement that the server commits by itself was done when the process ended while it
//! ran. What the server says of the objects it names is kept from before; equal means not done,
//! changed means done, and where neither is sure a person must say.

use sha2::{Digest, Sha256};
use xtask_db_sql::{Dialect, ObjectKind, ObjectRef, ident};

use crate::apply::Job;
use crate::apply::concurrently::{self, Index};
use crate::ledger::undefined_table;
use crate::{DbError, Error, Session};

/// What is known of a statement afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    NotDone,
    Done,
    Unknown,
}

/// Statements that may run again: they leave what they find.
const REPEATABLE: [&str; 7] =
    ["vacuum", "analyze", "reindex", "pragma", "optimize", "check", "repair"];
/// Words after which the definition tells nothing of what was done.
const UNTOLD: [&str; 5] = ["truncate", "exchange", "discard", "import", "call"];
/// An object that is not there.
const ABSENT: &str = "-";
/// Of a digest, this many hexadecimal digits tell two definitions apart.
const DIGEST_BYTES: usize = 8;

/// MySQL: the definitions of what the statement names, before it runs; none where they would not
/// tell. PostgreSQL and SQLite are asked afterwards only.
pub(super) async fn before(
    session: &mut Session,
    job: &Job<'_>,
    at: usize,
) -> Result<Option<String>, Error> {
    if session.dialect() != Dialect::Mysql || !tells(job, at) {
        return Ok(None);
    }
    let mut all = Vec::new();
    for object in &job.script.statements[at].effects.objects {
        match definition(session, job.sql(at), object).await? {
            Some(definition) => all.push(definition),
            None => return Ok(None),
        }
    }
    Ok((!all.is_empty()).then(|| all.join(",")))
}

/// What is known now, given what [`before`] returned.
pub(super) async fn after(
    session: &mut Session,
    job: &Job<'_>,
    at: usize,
    before: Option<&str>,
) -> Result<Proof, Error> {
    let first = word(job.sql(at), 0);
    if REPEATABLE.contains(&first.as_str()) {
        return Ok(Proof::NotDone);
    }
    if session.dialect() == Dialect::Postgres {
        return postgres(session, job, at, &first).await;
    }
    let Some(before) = before else { return Ok(Proof::Unknown) };
    let Some(now) = self::before(session, job, at).await? else { return Ok(Proof::Unknown) };
    let pairs: Vec<(&str, &str)> = before.split(',').zip(now.split(',')).collect();
    let told = pairs.iter().filter(|(before, _)| first != "drop" || *before != ABSENT);
    let (mut equal, mut changed) = (0, 0);
    for (before, now) in told {
        *if before == now { &mut equal } else { &mut changed } += 1;
    }
    Ok(match (equal, changed) {
        (_, 0) => Proof::NotDone,
        (0, _) => Proof::Done,
        // Some of them: on MariaDB one statement for several objects can be cut in the middle.
        _ => Proof::Unknown,
    })
}

/// An index that is built or dropped concurrently: the catalog says.
async fn postgres(
    session: &mut Session,
    job: &Job<'_>,
    at: usize,
    first: &str,
) -> Result<Proof, Error> {
    Ok(match (first, concurrently::look(session, job, at).await?) {
        (_, None) => Proof::Unknown,
        ("drop", Some(Index::Absent)) | ("create", Some(Index::Valid)) => Proof::Done,
        _ => Proof::NotDone,
    })
}

fn word(sql: &str, at: usize) -> String {
    let mut words = sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.by_ref().filter(|word| !word.is_empty()).nth(at).unwrap_or_default().to_ascii_lowercase()
}

/// The definition changes exactly when the statement is done.
fn tells(job: &Job<'_>, at: usize) -> bool {
    let sql = job.sql(at);
    let creates_routine = job.script.statements[at].effects.objects.iter().any(|object| {
        matches!(object.kind, ObjectKind::Routine | ObjectKind::Trigger | ObjectKind::View)
    });
    // Their bodies may have any word.
    creates_routine
        || !sql
            .split(|c: char| !c.is_ascii_alphabetic())
            .any(|word| UNTOLD.iter().any(|untold| word.eq_ignore_ascii_case(untold)))
}

/// A digest of what the server says of an object, [`ABSENT`], or none where it is not asked.
async fn definition(
    session: &mut Session,
    sql: &str,
    object: &ObjectRef,
) -> Result<Option<String>, Error> {
    let qualified = |name: &str| match &object.schema {
        Some(schema) => {
            format!("{}.{}", ident(Dialect::Mysql, schema), ident(Dialect::Mysql, name))
        }
        None => ident(Dialect::Mysql, name),
    };
    let schema = match &object.schema {
        Some(schema) => session.lit(schema),
        None => "DATABASE()".to_owned(),
    };
    let name = session.lit(&object.name);
    let event = sql.to_ascii_lowercase().contains("event");
    let ask = match (object.kind, &object.on) {
        (ObjectKind::Table | ObjectKind::View, _) => {
            format!("SHOW CREATE TABLE {}", qualified(&object.name))
        }
        (ObjectKind::Index, Some(table)) => format!("SHOW CREATE TABLE {}", qualified(table)),
        (ObjectKind::Trigger, _) => format!(
            "SELECT ACTION_STATEMENT, CREATED FROM information_schema.TRIGGERS \
             WHERE TRIGGER_SCHEMA = {schema} AND TRIGGER_NAME = {name}"
        ),
        (ObjectKind::Routine, _) => format!(
            "SELECT ROUTINE_TYPE, ROUTINE_DEFINITION, DTD_IDENTIFIER, CREATED, LAST_ALTERED \
             FROM information_schema.ROUTINES \
             WHERE ROUTINE_SCHEMA = {schema} AND ROUTINE_NAME = {name}"
        ),
        (ObjectKind::Other, _) if event => format!(
            "SELECT EVENT_DEFINITION, STATUS, CREATED, LAST_ALTERED FROM \
             information_schema.EVENTS WHERE EVENT_SCHEMA = {schema} AND EVENT_NAME = {name}"
        ),
        _ => return Ok(None),
    };
    let rows = match session.ask(&ask).await {
        Ok(rows) if rows.is_empty() => return Ok(Some(ABSENT.to_owned())),
        Ok(rows) => rows,
        Err(error) if absent(&error) => return Ok(Some(ABSENT.to_owned())),
        Err(error) if error.connection => {
            return Err(Error::Server { doing: "reading the catalog", error });
        }
        // A view of what is gone, or one that may not be seen: it tells nothing.
        Err(_) => return Ok(None),
    };
    let mut hash = Sha256::new();
    for value in rows.iter().flatten().flatten() {
        hash.update(without_counter(value));
        hash.update([0]);
    }
    let digest = hash.finalize();
    Ok(Some(digest.iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}")).collect()))
}

/// MySQL 1146, 1360 (no such trigger), 1305 (no such routine).
fn absent(error: &DbError) -> bool {
    undefined_table(error) || matches!(error.number, Some(1360 | 1305))
}

/// A table's text without its next `AUTO_INCREMENT` value, which every insert moves.
fn without_counter(text: &str) -> String {
    const WORD: &str = " AUTO_INCREMENT=";
    match text.rsplit_once(WORD) {
        Some((head, tail)) => {
            format!("{head}{}", tail.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_does_not_count() {
        let check = |text: &str, expected: &str| assert_eq!(without_counter(text), expected);
        check(
            "CREATE TABLE t (\n) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=x",
            "CREATE TABLE t (\n) ENGINE=InnoDB DEFAULT CHARSET=x",
        );
        check("CREATE TABLE t (\n) ENGINE=InnoDB", "CREATE TABLE t (\n) ENGINE=InnoDB");
    }
}
