//! Texts that the server prints one object at a time, asked for many at a time.

use xtask_db_schema::mysql::{Server, Source};
use xtask_db_sql::{Dialect, ident};

use crate::reset::Keep;
use crate::{Error, Session};

/// How many objects one question asks for.
const ASKED_MAX: usize = 100;

/// What is read, and by whom it was printed.
pub(super) struct Printed {
    /// What is left out.
    pub(super) keep: Keep,
    /// The server.
    pub(super) server: Server,
    /// The current database.
    pub(super) database: String,
    /// The session's own mode.
    pub(super) sql_mode: String,
}

impl Printed {
    /// Who printed the texts.
    pub(super) fn source(&self) -> Source<'_> {
        Source { server: self.server, database: &self.database }
    }
}

/// `SHOW CREATE` of each name, in their order: the column of that number. None where the session
/// has no right to see it.
pub(super) async fn show_create(
    session: &mut Session,
    kind: &str,
    names: &[String],
    column: usize,
) -> Result<Vec<Option<String>>, Error> {
    let mut texts = Vec::with_capacity(names.len());
    for some in names.chunks(ASKED_MAX) {
        let show = |name: &String| format!("SHOW CREATE {kind} {}", ident(Dialect::Mysql, name));
        let sql = some.iter().map(show).collect::<Vec<_>>().join("; ");
        let rows = session.read("reading the catalog", &sql).await?;
        texts.extend(rows.into_iter().map(|row| row.into_iter().nth(column).flatten()));
    }
    Ok(texts)
}

/// Rows of texts; no value is an empty one.
pub(super) async fn rows<const N: usize>(
    session: &mut Session,
    sql: &str,
) -> Result<Vec<[String; N]>, Error> {
    let rows = session.read("reading the catalog", sql).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let mut row = row.into_iter().map(Option::unwrap_or_default);
        all.push(std::array::from_fn(|_| row.next().unwrap_or_default()));
    }
    Ok(all)
}
