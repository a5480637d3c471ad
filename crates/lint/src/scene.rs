//! What a rule may look at beside the statement: the file, the schema, the facts.

use std::collections::BTreeSet;

use xtask_db_sql::{Dialect, Span, Syntax};

use crate::read::{Kind, Statement, Tok, tokens};
use crate::state::State;
use crate::{Facts, Family, Name, Question, Server, Servers};

/// A file of a migration, read.
#[derive(Debug)]
pub(crate) struct File<'a> {
    pub(crate) id: &'a str,
    pub(crate) text: &'a str,
    pub(crate) statements: Vec<Statement>,
    /// For each statement the number of the step that commits it.
    pub(crate) steps: Vec<usize>,
    /// It has `BEGIN` of its own.
    pub(crate) begins: bool,
    /// It is `backfill.sql`.
    pub(crate) backfill: bool,
    pub(crate) has_down: bool,
    pub(crate) has_readme: bool,
    /// It says that there is no way back, and that this is meant.
    pub(crate) irreversible: bool,
}

/// What a rule may look at.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) server: Server,
    pub(crate) syntax: Syntax,
    pub(crate) file: &'a File<'a>,
    /// Before the file.
    pub(crate) start: &'a State,
    /// Before the statement; after the file for a rule that looks at all of it.
    pub(crate) state: &'a State,
    pub(crate) facts: &'a dyn Facts,
    /// Rows from which on a table is large.
    pub(crate) large: u64,
    /// Ids of rules that found something worse than a note in this file.
    pub(crate) fired: &'a BTreeSet<&'static str>,
}

impl<'a> Scene<'a> {
    pub(crate) const fn is(&self, servers: Servers) -> bool {
        servers.has(self.server.family)
    }

    pub(crate) const fn is_sqlite(&self) -> bool {
        matches!(self.server.family, Family::Sqlite)
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.syntax.dialect, Dialect::Postgres)
    }

    /// The table may have rows that others use: it was not made in this file, and is not known to
    /// be empty.
    pub(crate) fn in_use(&self, table: &Name) -> bool {
        !self.state.is_new(table) && self.rows(table) != Some(0)
    }

    /// Its rows, when they are known.
    pub(crate) fn rows(&self, table: &Name) -> Option<u64> {
        self.facts.count(&Question::Rows { table: table.clone() })
    }

    /// The table is known to be small: what waits for it does not wait long.
    pub(crate) fn is_small(&self, table: &Name) -> bool {
        self.rows(table).is_some_and(|rows| rows < self.large)
    }

    /// The statements before one.
    pub(crate) fn before(&self, statement: &Statement) -> &'a [Statement] {
        &self.file.statements[..statement.index]
    }

    /// The statements after one.
    pub(crate) fn after(&self, statement: &Statement) -> &'a [Statement] {
        &self.file.statements[statement.index + 1..]
    }

    /// Both are committed together.
    pub(crate) fn together(&self, a: &Statement, b: &Statement) -> bool {
        self.file.steps.get(a.index) == self.file.steps.get(b.index)
    }

    /// The tokens of a statement.
    pub(crate) fn tokens(&self, statement: &Statement) -> Vec<Tok<'a>> {
        tokens(self.file.text, statement.span, self.syntax).0
    }

    /// The text of a span.
    pub(crate) fn text(&self, span: Span) -> &'a str {
        self.file.text.get(span.range()).unwrap_or_default()
    }

    /// The whole file, for what is about none of its statements.
    pub(crate) fn whole(&self) -> Span {
        self.file.statements.first().map_or(Span { start: 0, end: 0 }, |first| first.span)
    }

    /// A column of a table got its value in this file, before a statement.
    pub(crate) fn is_filled(&self, before: &Statement, table: &Name, column: &str) -> bool {
        self.before(before).iter().flat_map(|one| one.kind.writes()).any(|write| {
            write.table == *table
                && matches!(&write.does, crate::read::Writes::Update { set, .. }
                    if set.iter().any(|(set, _)| set == column))
        })
    }

    /// SQLite: the table is dropped or renamed as part of a rebuild, which another table of this
    /// file takes the place of.
    pub(crate) fn is_rebuilt(&self, table: &Name) -> bool {
        self.is_sqlite() && self.rebuilds().iter().any(|one| one.old == *table || one.new == *table)
    }

    /// SQLite: the rebuilds of the file.
    pub(crate) fn rebuilds(&self) -> Vec<Rebuild> {
        let statements = &self.file.statements;
        let renames = statements.iter().flat_map(|statement| {
            let renamed =
                statement.kind.actions().filter_map(|(from, action)| match &action.does {
                    crate::read::Does::RenameTable(to) => Some((from.clone(), to.clone())),
                    _ => None,
                });
            renamed.map(|pair| (statement.index, pair)).collect::<Vec<_>>()
        });
        renames
            .filter_map(|(at, (from, to))| {
                let (before, after) = (&statements[..at], &statements[at + 1..]);
                if let (Some(create), true) = (created(before, &from), is_dropped(before, &to)) {
                    // new made, old dropped, new renamed
                    return Some(Rebuild { old: to, new: from, create, end: at });
                }
                // old renamed away, new made under its name, old dropped
                let create = created(after, &from)?;
                let end = after.iter().find(|one| drops(one, &to))?.index;
                Some(Rebuild { old: from, new: to, create, end })
            })
            .collect()
    }
}

/// A table that takes another's place.
#[derive(Debug, Clone)]
pub(crate) struct Rebuild {
    /// The table's name before and after.
    pub(crate) old: Name,
    /// The name of the other one meanwhile.
    pub(crate) new: Name,
    /// The statement that creates the new form.
    pub(crate) create: usize,
    /// The statement that ends it.
    pub(crate) end: usize,
}

fn created(statements: &[Statement], table: &Name) -> Option<usize> {
    let create =
        |one: &&Statement| matches!(&one.kind, Kind::CreateTable(new) if new.name == *table);
    statements.iter().find(create).map(|one| one.index)
}

fn is_dropped(statements: &[Statement], table: &Name) -> bool {
    statements.iter().any(|one| drops(one, table))
}

fn drops(statement: &Statement, table: &Name) -> bool {
    matches!(&statement.kind, Kind::DropTable(drop) if drop.names.contains(table))
}
