//! What must be known of the server to read and write its texts.

use serde::{Deserialize, Serialize};
use xtask_db_sql::{Dialect, Syntax};

/// Which of the two servers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flavor {
    /// MariaDB 10.6 and later.
    #[default]
    MariaDb,
    /// MySQL 8 and later.
    MySql,
}

/// The server that printed the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Server {
    /// Which of the two.
    pub flavor: Flavor,
    /// A backslash escapes in the strings of the session that runs statements.
    pub backslash_escapes: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self { flavor: Flavor::default(), backslash_escapes: true }
    }
}

impl Server {
    /// How its texts are read. They are asked for without `ANSI_QUOTES`, and backslashes are
    /// printed as in a session in which they escape, whatever the session (measured on MariaDB
    /// 10.11).
    #[must_use]
    pub const fn syntax(self) -> Syntax {
        Syntax { dialect: Dialect::Mysql, backslash_escapes: true, ansi_quotes: false }
    }

    /// The word that hides an index from the optimizer.
    #[must_use]
    pub const fn hidden(self) -> &'static str {
        match self.flavor {
            Flavor::MariaDb => "IGNORED",
            Flavor::MySql => "INVISIBLE",
        }
    }

    /// The word that shows it again.
    #[must_use]
    pub const fn shown(self) -> &'static str {
        match self.flavor {
            Flavor::MariaDb => "NOT IGNORED",
            Flavor::MySql => "VISIBLE",
        }
    }
}
