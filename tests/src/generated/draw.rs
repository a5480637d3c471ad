//! The generator of each server.

use super::{Schema, mariadb, postgres};
use crate::support::{Kind, Random};

/// Two schemas of a server, the second made from the first by changes.
#[must_use]
pub fn draw(kind: Kind, random: &mut Random) -> Option<(Schema, Schema)> {
    match kind {
        Kind::MariaDb => Some(mariadb::draw(random)),
        Kind::Postgres => Some(postgres::draw(random)),
        Kind::Sqlite | Kind::PgBouncer => None,
    }
}
