//! The generator of each server.

use super::{Schema, mariadb, postgres, sqlite};
use crate::support::{Kind, Random};

/// Two schemas of a server, the second made from the first by changes.
#[must_use]
pub fn draw(kind: Kind, random: &mut Random) -> Option<(Schema, Schema)> {
    match kind {
        Kind::Sqlite => Some(sqlite::draw(random)),
        Kind::MariaDb => Some(mariadb::draw(random)),
        Kind::Postgres => Some(postgres::draw(random)),
        Kind::PgBouncer => None,
    }
}
