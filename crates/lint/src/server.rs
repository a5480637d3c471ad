//! The servers that rules speak of.

use std::fmt;

use xtask_db_sql::Dialect;

/// A server family. MySQL and MariaDB differ in what they do online.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    MariaDb,
    /// SQLite.
    Sqlite,
}

/// A server, and its version where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// The family.
    pub family: Family,
    /// Major and minor version.
    pub version: Option<(u32, u32)>,
}

/// A set of families, as the letters of the rule's list: P, M, R, S.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Servers(u8);

impl Servers {
    /// None.
    pub const NONE: Self = Self(0);
    /// PostgreSQL.
    pub const P: Self = Self(1);
    /// MySQL.
    pub const M: Self = Self(2);
    /// MariaDB.
    pub const R: Self = Self(4);
    /// SQLite.
    pub const S: Self = Self(8);
    /// MySQL and MariaDB.
    pub const MR: Self = Self(2 | 4);
    /// All but SQLite.
    pub const PMR: Self = Self(1 | 2 | 4);
    /// All but PostgreSQL.
    pub const MRS: Self = Self(2 | 4 | 8);
    /// PostgreSQL and SQLite.
    pub const PS: Self = Self(1 | 8);
    /// All.
    pub const ALL: Self = Self(15);

    /// Whether a family is one of them.
    #[must_use]
    pub const fn has(self, family: Family) -> bool {
        let bit = match family {
            Family::Postgres => Self::P,
            Family::Mysql => Self::M,
            Family::MariaDb => Self::R,
            Family::Sqlite => Self::S,
        };
        self.0 & bit.0 != 0
    }
}

impl fmt::Display for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [Family::Postgres, Family::Mysql, Family::MariaDb, Family::Sqlite];
        let named = all.iter().filter(|family| self.has(**family)).map(|family| family.name());
        f.write_str(&named.collect::<Vec<_>>().join(", "))
    }
}

impl Family {
    /// As people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::MariaDb => "MariaDB",
            Self::Sqlite => "SQLite",
        }
    }
}

impl Server {
    /// A server of which only the dialect is known; MySQL until MariaDB is named.
    #[must_use]
    pub const fn of(dialect: Dialect) -> Self {
        let family = match dialect {
            Dialect::Sqlite => Family::Sqlite,
            Dialect::Postgres => Family::Postgres,
            Dialect::Mysql => Family::Mysql,
        };
        Self { family, version: None }
    }

    /// Reads `postgres 15`, `mariadb 10.11`, `mysql`, `16.2`; none when it is not of this dialect.
    #[must_use]
    pub fn parse(text: &str, dialect: Dialect) -> Option<Self> {
        let mut server = Self::of(dialect);
        for word in text.split([' ', '-', '@']).filter(|word| !word.is_empty()) {
            if word.starts_with(|c: char| c.is_ascii_digit()) {
                server.version = Some(version(word)?);
                continue;
            }
            let named = match word.to_ascii_lowercase().as_str() {
                "postgres" | "postgresql" => Family::Postgres,
                "mysql" => Family::Mysql,
                "mariadb" => Family::MariaDb,
                "sqlite" => Family::Sqlite,
                _ => return None,
            };
            let fits =
                named == server.family || (dialect == Dialect::Mysql && Servers::MR.has(named));
            if !fits {
                return None;
            }
            server.family = named;
        }
        Some(server)
    }

    /// Whether its version is known and older.
    #[must_use]
    pub fn is_before(self, major: u32, minor: u32) -> bool {
        self.version.is_some_and(|version| version < (major, minor))
    }
}

fn version(word: &str) -> Option<(u32, u32)> {
    let mut parts = word.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next().map_or(Some(0), |part| part.parse().ok())?;
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_read() {
        let check = |text, dialect, expected: Option<(Family, Option<(u32, u32)>)>| {
            let found = Server::parse(text, dialect);
            assert_eq!(found.map(|server| (server.family, server.version)), expected, "{text}");
        };
        check("postgres 15", Dialect::Postgres, Some((Family::Postgres, Some((15, 0)))));
        check("16.2", Dialect::Postgres, Some((Family::Postgres, Some((16, 2)))));
        check("mariadb 10.11", Dialect::Mysql, Some((Family::MariaDb, Some((10, 11)))));
        check("mysql", Dialect::Mysql, Some((Family::Mysql, None)));
        check("mysql", Dialect::Postgres, None);
        check("oracle 9", Dialect::Mysql, None);
        check("postgres x", Dialect::Postgres, None);
    }
}
