//! The holder's row: who has the lock, and the fence that grows with each owner.

use xtask_db_sql::Dialect;

use super::{Form, LEASE_MARK, LEASE_MS};
use crate::{Actor, Error, Session, clock};

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
    let mark = if form == Form::Lease { LEASE_MARK } else { "" };
    let (owner, holder) = (session.lit(owner), session.lit(&format!("{}{mark}", actor.who)));
    let expires = match form {
        Form::File => "NULL".to_owned(),
        _ => clock::shifted(dialect, LEASE_MS),
    };
    let counts = matches!(form, Form::File | Form::Lease);
    let free = match counts {
        true => format!(" AND (expires_at IS NULL OR expires_at < {now})"),
        false => String::new(),
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
        if counts && sql == &insert {
            break;
        }
    }
    Ok(None)
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
