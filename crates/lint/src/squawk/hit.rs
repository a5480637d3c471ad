//! A finding of squawk, with the statement it is about.

use xtask_db_sql::Span;

use crate::read::{Action, Does, Kind, Statement};
use crate::{Fix, Name};

/// A finding of squawk.
#[derive(Debug)]
pub(crate) struct Hit<'a> {
    /// squawk's name of its rule.
    pub(crate) rule: &'a str,
    pub(crate) statement: &'a Statement,
    pub(crate) span: Span,
    pub(crate) fix: Option<&'a Fix>,
}

impl<'a> Hit<'a> {
    /// The action of an `ALTER TABLE` that it is in.
    pub(crate) fn action(&self) -> Option<(&'a Name, &'a Action)> {
        let within = |span: Span| span.start <= self.span.start && self.span.start < span.end;
        self.statement.kind.actions().find(|(_, action)| within(action.span))
    }

    /// The table that the statement is about.
    pub(crate) fn table(&self) -> Option<&'a Name> {
        match &self.statement.kind {
            Kind::AlterTable(alter) => Some(&alter.table),
            Kind::CreateIndex(create) => Some(&create.table),
            Kind::CreateTable(create) => Some(&create.name),
            Kind::CreateTrigger(trigger) => trigger.table.as_ref(),
            Kind::Policy { table } => table.as_ref(),
            Kind::Write(writes) => writes.first().map(|write| &write.table),
            _ => None,
        }
    }

    /// What it is about, as the user writes it.
    pub(crate) fn object(&self) -> String {
        let Some((table, action)) = self.action() else { return self.whole() };
        let column = match &action.does {
            Does::AddColumn(column) => &column.name,
            Does::DropColumn(column)
            | Does::SetNotNull(column)
            | Does::DropNotNull(column)
            | Does::DropDefault(column)
            | Does::AddIdentity(column) => column,
            Does::SetType { column, .. } | Does::SetDefault(column) => column,
            Does::RenameColumn { from, .. } => from,
            _ => return table.shown().to_owned(),
        };
        table.column(column)
    }

    fn whole(&self) -> String {
        if let Some(table) = self.table() {
            return table.shown().to_owned();
        }
        let named = self.statement.effects.objects.first();
        named.map_or_else(String::new, |object| object.name.clone())
    }
}
