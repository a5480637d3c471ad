//! What is in the managed scope of a database, as its server says it.

use serde::{Deserialize, Serialize};
use xtask_db_sql::Dialect;

use crate::{
    EnumType, Fingerprint, Guess, Plan, PlanOptions, Relation, Rename, SchemaError, Step, mysql,
    postgres, sqlite,
};

/// A catalog of one server family. Read by the engine's `introspect`; kept in the cache as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "dialect", rename_all = "lowercase")]
pub enum Catalog {
    /// SQLite.
    Sqlite(sqlite::Catalog),
    /// PostgreSQL.
    Postgres(postgres::Catalog),
    /// MySQL and MariaDB.
    Mysql(mysql::Catalog),
}

/// An object that is there and not in the model: neither compared nor changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unmodelled {
    /// `publication`, `text search configuration`.
    pub kind: String,
    /// Its name, as the user would write it.
    pub name: String,
}

impl Catalog {
    /// One without objects.
    #[must_use]
    pub fn empty(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Sqlite(sqlite::Catalog::default()),
            Dialect::Postgres => Self::Postgres(postgres::Catalog::default()),
            Dialect::Mysql => Self::Mysql(mysql::Catalog::default()),
        }
    }

    /// The server family.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::Mysql(_) => Dialect::Mysql,
        }
    }

    /// What is there and not in the model.
    #[must_use]
    pub fn unmodelled(&self) -> &[Unmodelled] {
        match self {
            Self::Sqlite(catalog) => &catalog.unmodelled,
            Self::Postgres(catalog) => &catalog.unmodelled,
            Self::Mysql(catalog) => &catalog.unmodelled,
        }
    }

    /// Tables and views, for those who read data: the generator, seeds, lint.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation> {
        match self {
            Self::Sqlite(catalog) => catalog.relations(),
            Self::Postgres(catalog) => catalog.relations(),
            Self::Mysql(catalog) => catalog.relations(),
        }
    }

    /// Enum types with a name of their own.
    #[must_use]
    pub fn enums(&self) -> Vec<EnumType> {
        match self {
            Self::Postgres(catalog) => catalog.enums(),
            Self::Sqlite(_) | Self::Mysql(_) => Vec::new(),
        }
    }

    /// The digest of the model in its canonical order: equal where the difference is empty.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        match self {
            Self::Sqlite(catalog) => Fingerprint::of(&catalog.canonical()),
            Self::Postgres(catalog) => Fingerprint::of(&catalog.canonical()),
            Self::Mysql(catalog) => Fingerprint::of(&catalog.canonical()),
        }
    }

    /// The statements that lead from this catalog to `to`, in an order in which they run.
    /// Names are taken as they are: renames are planned by [`Self::rename`] before, run, and the
    /// catalog is read again, since only the server knows every text that a rename changes.
    ///
    /// # Errors
    /// A change that no statement makes on this server, by name; catalogs of two dialects.
    pub fn plan(&self, to: &Self, options: &PlanOptions) -> Result<Plan, SchemaError> {
        match (self, to) {
            (Self::Sqlite(from), Self::Sqlite(to)) => sqlite::plan(from, to, options),
            (Self::Postgres(from), Self::Postgres(to)) => postgres::plan(from, to, options),
            (Self::Mysql(from), Self::Mysql(to)) => mysql::plan(from, to, options),
            _ => Err(SchemaError::Dialects { from: self.dialect(), to: to.dialect() }),
        }
    }

    /// Differences that no plan makes up for, to be told: the SQL that would, a statement each.
    /// PostgreSQL: owners and grants.
    #[must_use]
    pub fn reported(&self, to: &Self) -> Vec<String> {
        match (self, to) {
            (Self::Postgres(from), Self::Postgres(to)) => postgres::reported(from, to),
            _ => Vec::new(),
        }
    }

    /// The statements of renames, in order.
    ///
    /// # Errors
    /// A name that is not there, or is taken; a kind that this server cannot rename.
    pub fn rename(&self, renames: &[Rename]) -> Result<Vec<Step>, SchemaError> {
        match self {
            Self::Sqlite(catalog) => sqlite::rename(catalog, renames),
            Self::Postgres(catalog) => postgres::rename(catalog, renames),
            Self::Mysql(catalog) => mysql::rename(catalog, renames),
        }
    }

    /// Pairs of a dropped and an added object that may be one object with a new name, best first.
    #[must_use]
    pub fn guesses(&self, to: &Self) -> Vec<Guess> {
        match (self, to) {
            (Self::Sqlite(from), Self::Sqlite(to)) => sqlite::guesses(from, to),
            (Self::Postgres(from), Self::Postgres(to)) => postgres::guesses(from, to),
            (Self::Mysql(from), Self::Mysql(to)) => mysql::guesses(from, to),
            _ => Vec::new(),
        }
    }
}
