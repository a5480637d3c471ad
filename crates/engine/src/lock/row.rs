//! The holder's row: who has the lock, and the fence that grows with each owner.

use std::time::{Duration, Instant};

use xtask_db_sql::Dialect;

use super::{Form, LEASE_MARK, LEASE_MS};
use crate::{Actor, Error, Session, clock};

/// How long an expired lease must stay as it is before it is taken over: more than a heartbeat.
const SILENT_MIN: Duration = Duration::from_secs(7);

const DOING: &str = "taking the deploy lock";

/// Writes the holder's row and returns its fence; none when the form is one whose row keeps others
/// out and another's is alive.
pub(super) async fn write(
    session: &mut Session,
    owner: &str,
    actor: &Actor,
    form: Form,
) -> Result<Option<i64>, Error> {
    let dialect = session.dialect();
    let now = clock::now(dialect);
    let (table, name) = (session.names.lock.clone(), session.lit(&session.names.table));
    let who = if form == Form::Lease { holder_text(actor) } else { actor.who.clone() };
    let (owner, holder) = (session.lit(owner), session.lit(&who));
    let expires = match form {
        Form::File => "NULL".to_owned(),
        _ => clock::shifted(dialect, LEASE_MS),
    };
    let free = match form {
        Form::File => format!(" AND (expires_at IS NULL OR expires_at < {now})"),
        // One that has expired is taken over with more care.
        Form::Lease => " AND expires_at IS NULL".to_owned(),
        Form::Session | Form::Transaction => String::new(),
    };
    // Two statements, since MySQL has no condition on what it does for a row that exists.
    let ignore = if dialect == Dialect::Mysql { "IGNORE " } else { "" };
    let skip = if dialect == Dialect::Mysql { "" } else { " ON CONFLICT (name) DO NOTHING" };
    let insert = format!(
        "INSERT {ignore}INTO {table} (name, owner, fence, holder, acquired_at, expires_at) \
         VALUES ({name}, {owner}, 1, {holder}, {now}, {expires}){skip}"
    );
    let update = format!(
        "UPDATE {table} SET owner = {owner}, fence = fence + 1, holder = {holder}, \
         acquired_at = {now}, expires_at = {expires} WHERE name = {name}{free}"
    );
    for sql in [&update, &insert, &update] {
        if session.tool(DOING, sql).await? > 0 {
            return fence(session, &owner).await;
        }
    }
    Ok(None)
}

/// A lease that has expired, as it was first seen.
#[derive(Debug, Clone)]
pub(super) struct Expired {
    row: Vec<Option<String>>,
    since: Instant,
}

/// Takes a lease over whose holder is silent for longer than one heartbeat takes, and has not come
/// back meanwhile: on Galera an ALTER TABLE holds up the heartbeats of every node, and the first
/// look at the row after it would find it expired (measured).
pub(super) async fn take_over(
    session: &mut Session,
    owner: &str,
    actor: &Actor,
    seen: &mut Option<Expired>,
) -> Result<Option<i64>, Error> {
    let dialect = session.dialect();
    let (table, name) = (session.names.lock.clone(), session.lit(&session.names.table));
    let expires = clock::shown(dialect, "expires_at");
    let ask = format!(
        "SELECT owner, fence, {expires} FROM {table} WHERE name = {name} AND expires_at < {}",
        clock::now(dialect)
    );
    let Some(row) = session.read(DOING, &ask).await?.into_iter().next() else {
        *seen = None;
        return Ok(None);
    };
    match seen.as_ref().filter(|seen| seen.row == row) {
        None => *seen = Some(Expired { row, since: Instant::now() }),
        Some(seen) if seen.since.elapsed() < SILENT_MIN => {}
        Some(_) => {
            let was = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
            let (me, holder) = (session.lit(owner), session.lit(&holder_text(actor)));
            let sql = format!(
                "UPDATE {table} SET owner = {me}, fence = fence + 1, holder = {holder}, \
                 acquired_at = {now}, expires_at = {ahead} WHERE name = {name} AND owner = {old} \
                 AND fence = {fence} AND {expires} = {at}",
                now = clock::now(dialect),
                ahead = clock::shifted(dialect, LEASE_MS),
                old = session.lit(&was(0)),
                fence = was(1).parse::<i64>().unwrap_or_default(),
                at = session.lit(&was(2)),
            );
            if session.tool(DOING, &sql).await? > 0 {
                return fence(session, &me).await;
            }
            *seen = None;
        }
    }
    Ok(None)
}

/// Who holds a lease.
fn holder_text(actor: &Actor) -> String {
    format!("{}{LEASE_MARK}", actor.who)
}

/// The fence of the row while it is this owner's; a quoted owner.
async fn fence(session: &mut Session, owner: &str) -> Result<Option<i64>, Error> {
    let ask = format!(
        "SELECT fence FROM {} WHERE name = {} AND owner = {owner}",
        session.names.lock,
        session.lit(&session.names.table)
    );
    let rows = session.read(DOING, &ask).await?;
    Ok(rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok()))
}

/// The owner of the row, whether it is alive or not.
pub(super) async fn owner(session: &mut Session) -> Result<Option<String>, Error> {
    let ask = format!(
        "SELECT owner FROM {} WHERE name = {}",
        session.names.lock,
        session.lit(&session.names.table)
    );
    let rows = session.read(DOING, &ask).await?;
    Ok(rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten())
}
