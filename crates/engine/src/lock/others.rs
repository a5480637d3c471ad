//! The locks of sqlx and Prisma, taken beside ours where the database has their ledgers: a service
//! that still migrates by itself, or Prisma's own command, does not run at the same time.

use std::time::{Duration, Instant};

use xtask_db_sql::Dialect;

use super::{Held, POLL_MAX, form::Form};
use crate::{Error, Session, catalog};

/// Prisma's key: advisory lock and `GET_LOCK` (its engine, `sql-schema-connector`).
const PRISMA_KEY: i64 = 72_707_369;
const PRISMA_NAME: &str = "prisma_migrate";
/// sqlx multiplies the CRC-32 of the database's name with it (sqlx 0.9, `generate_lock_id`).
const SQLX_FACTOR: i64 = 0x3d32_ad9e;

/// The locks of the tools whose ledgers are there, as SQL text of the lock function's argument.
pub(super) async fn keys(session: &mut Session) -> Result<Vec<String>, Error> {
    let relations = catalog::relations(session).await?;
    let mut keys = Vec::new();
    if relations.iter().any(|name| name == "_sqlx_migrations") {
        let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
        let key = SQLX_FACTOR * i64::from(crc.checksum(session.server().database.as_bytes()));
        keys.push(match session.dialect() {
            Dialect::Postgres => key.to_string(),
            _ => session.lit(&format!("{key:x}")),
        });
    }
    if relations.iter().any(|name| name == "_prisma_migrations") {
        keys.push(match session.dialect() {
            Dialect::Postgres => PRISMA_KEY.to_string(),
            _ => session.lit(PRISMA_NAME),
        });
    }
    Ok(keys)
}

/// Tries all of them; those that were taken are given back when one is not free. Behind a pooler
/// there is no session to hold them, and a lease is for servers without them.
pub(super) async fn try_all(
    session: &mut Session,
    form: Form,
    keys: &[String],
) -> Result<bool, Error> {
    if form != Form::Session {
        return Ok(true);
    }
    for (at, key) in keys.iter().enumerate() {
        let sql = match session.dialect() {
            Dialect::Postgres => format!("SELECT pg_try_advisory_lock({key})"),
            _ => format!("SELECT GET_LOCK({key}, 0)"),
        };
        let rows = session.read("taking the lock of another tool", &sql).await?;
        let answer = rows.first().and_then(|row| row.first()?.as_deref());
        if !matches!(answer, Some("t" | "1")) {
            give_back(session, &keys[..at]).await;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Gives them back.
pub(super) async fn give_back(session: &mut Session, keys: &[String]) {
    for key in keys {
        let sql = match session.dialect() {
            Dialect::Postgres => format!("SELECT pg_advisory_unlock({key})"),
            _ => format!("SELECT RELEASE_LOCK({key})"),
        };
        let _ = session.ask(&sql).await;
    }
}

impl Held {
    /// Lets other tools go on while a statement waits for every snapshot to end: one of their
    /// deployers that waits for its lock has one (measured: both wait for each other).
    pub(crate) async fn let_others(&self, session: &mut Session) {
        give_back(session, &self.others).await;
    }

    /// Keeps them out again.
    ///
    /// # Errors
    /// `Error::LockTimeout` when one does not come to its end in time.
    pub(crate) async fn keep_others_out(
        &self,
        session: &mut Session,
        wait: Duration,
    ) -> Result<(), Error> {
        let start = Instant::now();
        while !try_all(session, self.form, &self.others).await? {
            if start.elapsed() >= wait {
                return Err(Error::LockTimeout { waited: start.elapsed(), holder: None });
            }
            tokio::time::sleep(POLL_MAX).await;
        }
        Ok(())
    }
}
