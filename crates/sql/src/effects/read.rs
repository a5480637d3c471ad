//! The way into the three dialects.

use super::{Control, Effects, Words, mysql, postgres, sqlite};
use crate::{Dialect, Syntax};

/// What a statement does.
pub(crate) fn effects(statement: &str, syntax: Syntax) -> Effects {
    let mut words = Words::new(statement, syntax);
    while words.eat_symbol("(") {}
    match syntax.dialect {
        Dialect::Sqlite => sqlite::effects(&mut words),
        Dialect::Postgres => postgres::effects(&mut words),
        Dialect::Mysql => mysql::effects(&mut words),
    }
}

impl Effects {
    pub(super) fn control(control: Control) -> Self {
        Self { control: Some(control), ..Self::default() }
    }

    /// Only that it runs outside of a transaction.
    pub(super) fn alone() -> Self {
        Self { alone: true, ..Self::default() }
    }

    pub(super) fn ddl() -> Self {
        Self { ddl: true, ..Self::default() }
    }
}

/// Behind `ROLLBACK`: with `TO` it stays in the transaction.
pub(super) fn rollback(words: &mut Words<'_>) -> Effects {
    words.eat_any(&["WORK", "TRANSACTION"]);
    Effects::control(if words.eat("TO") { Control::Savepoint } else { Control::Rollback })
}
