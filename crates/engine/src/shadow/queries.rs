//! Queries of an application, tried on a shadow and never run there: what a connection that comes
//! now is told of them, and what one that has them prepared since before is told.
//!
//! Invariant: a query reaches a server only by being prepared or explained.

use xtask_db_sql::Dialect;

use super::Shadow;
use crate::{DbError, Error, Session};

/// What a server says of a query that it has prepared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prepared {
    /// The columns of its result, in order.
    pub columns: Vec<PreparedColumn>,
    /// How many parameters it has.
    pub parameters: usize,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedColumn {
    /// Its name.
    pub name: String,
    /// Its type as the driver names it.
    pub type_name: String,
    /// The table, perhaps qualified, and the column that it comes from; none for an expression.
    pub origin: Option<(String, String)>,
}

/// A connection that holds queries prepared, like one of a release that is running.
/// [`Holding::close`] is its end, before that of the shadow.
pub struct Holding {
    session: Session,
    /// For each query the statement that explains it; none where it could not be held.
    explains: Vec<Option<String>>,
}

impl Shadow {
    /// Queries can be prepared: the connection is the server's own. A transaction pooler hands
    /// out connections on which others have prepared theirs.
    #[must_use]
    pub const fn prepares(&self) -> bool {
        self.session.direct()
    }

    /// What a new connection is told of each query.
    ///
    /// # Errors
    /// The connection fails. A query that cannot be prepared is an answer.
    pub async fn prepare(
        &mut self,
        queries: &[String],
    ) -> Result<Vec<Result<Prepared, DbError>>, Error> {
        // memory has one connection; the driver forgets its statements instead
        let mut other = match self.session.dialect() {
            Dialect::Sqlite => None,
            _ => Some(self.another().await?),
        };
        let session = other.as_mut().unwrap_or(&mut self.session);
        let mut told = Vec::with_capacity(queries.len());
        let mut broken = None;
        for query in queries {
            match session.prepare(query).await {
                Err(error) if error.connection => {
                    broken = Some(Error::Server { doing: "preparing a query", error });
                    break;
                }
                answer => told.push(answer),
            }
        }
        if let Some(other) = other {
            other.close().await;
        }
        broken.map_or(Ok(told), Err)
    }

    /// PostgreSQL: prepares these queries on a connection that keeps them. `known` says what a new
    /// connection was told; only what could be prepared there, and so is one statement, is held.
    /// None on other servers, which prepare anew by themselves.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn hold(
        &mut self,
        queries: &[String],
        known: &[Result<Prepared, DbError>],
    ) -> Result<Option<Holding>, Error> {
        if self.session.dialect() != Dialect::Postgres {
            return Ok(None);
        }
        let mut session = self.another().await?;
        let mut explains = Vec::with_capacity(queries.len());
        for (at, (query, known)) in queries.iter().zip(known).enumerate() {
            let Ok(prepared) = known else {
                explains.push(None);
                continue;
            };
            let explain = explain(at, prepared.parameters);
            let held = session.run(&format!("PREPARE xdb_query_{at} AS {query}")).await.is_ok()
                && session.run(&explain).await.is_ok();
            explains.push(held.then_some(explain));
        }
        Ok(Some(Holding { session, explains }))
    }

    async fn another(&self) -> Result<Session, Error> {
        let target = self.session.target().clone();
        let mut session = Session::open(target, &self.table, &self.options).await?;
        crate::lock::settle_settings(&mut session).await?;
        Ok(session)
    }
}

impl Holding {
    /// For each query what the server says against running it as it was prepared.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn retry(&mut self) -> Result<Vec<Option<DbError>>, Error> {
        let mut told = Vec::with_capacity(self.explains.len());
        for explain in &self.explains {
            let answer = match explain {
                Some(sql) => self.session.run(sql).await.err(),
                None => None,
            };
            match answer {
                Some(error) if error.connection => {
                    return Err(Error::Server { doing: "explaining a query", error });
                }
                answer => told.push(answer),
            }
        }
        Ok(told)
    }

    /// Ends it.
    pub async fn close(self) {
        self.session.close().await;
    }
}

/// Plans the query anew without running it; what its parameters are does not matter for that.
fn explain(number: usize, parameters: usize) -> String {
    let nulls = vec!["NULL"; parameters].join(", ");
    match parameters {
        0 => format!("EXPLAIN EXECUTE xdb_query_{number}"),
        _ => format!("EXPLAIN EXECUTE xdb_query_{number} ({nulls})"),
    }
}
