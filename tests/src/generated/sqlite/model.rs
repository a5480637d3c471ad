//! A schema with what each part of it names, so that a change keeps it sound.

use crate::generated::{Schema, Statement};
use crate::support::Random;

/// Names of tables and views: plain ones, words of the language, and worse.
pub(super) const TABLES: [&str; 10] =
    ["users", "orders", "Order", "line items", "group", "t.x", "a\"b", "Größe", "log", "new_users"];
/// Names of columns.
pub(super) const COLUMNS: [&str; 14] = [
    "name",
    "email",
    "age",
    "userId",
    "created_at",
    "key",
    "select",
    "a b",
    "naïve",
    "x\"y",
    "rowid",
    "score",
    "from",
    "note",
];

/// A schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) tables: Vec<Table>,
    pub(super) virtual_tables: Vec<Named>,
    pub(super) indexes: Vec<Named>,
    pub(super) views: Vec<Named>,
    pub(super) triggers: Vec<Named>,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) constraints: Vec<Part>,
    pub(super) strict: bool,
    pub(super) without_rowid: bool,
}

/// A column.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) type_name: String,
    pub(super) text: bool,
    pub(super) key: Option<String>,
    pub(super) generated: Option<Part>,
    pub(super) parts: Vec<Part>,
}

/// A piece of SQL and what it names: a table, and perhaps a column of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) sql: String,
    pub(super) uses: Vec<(String, String)>,
}

/// An object of its own.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    pub(super) name: String,
    /// The whole statement.
    pub(super) part: Part,
}

impl Model {
    pub(super) fn draw(random: &mut Random) -> Self {
        let mut model = Self::default();
        for _ in 0..1 + random.below(4) {
            model.add_table(random);
        }
        for _ in 0..random.below(4) {
            model.add_index(random);
        }
        for _ in 0..random.below(3) {
            model.add_view(random);
        }
        for _ in 0..random.below(3) {
            model.add_trigger(random);
        }
        if random.chance(30) {
            model.add_virtual(random);
        }
        model
    }

    /// A name that no table, view or index has.
    pub(super) fn free_name(&self, random: &mut Random, from: &[&str]) -> Option<String> {
        let free: Vec<&&str> = from.iter().filter(|name| !self.has(name)).collect();
        (!free.is_empty()).then(|| (**random.pick(&free)).to_owned())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        let named = self.virtual_tables.iter().chain(&self.indexes).chain(&self.views);
        let mut names = named.map(|it| &it.name).chain(self.tables.iter().map(|table| &table.name));
        names.any(|other| other.eq_ignore_ascii_case(name))
    }

    /// A part names something that is not there.
    pub(super) fn lacks(&self, part: &Part) -> bool {
        let there = |(name, column): &(String, String)| {
            let table = self.tables.iter().find(|table| table.name == *name);
            let view = || self.views.iter().any(|view| view.name == *name);
            match table {
                Some(table) => {
                    column.is_empty() || table.columns.iter().any(|it| it.name == *column)
                }
                None => column.is_empty() && view(),
            }
        };
        !part.uses.iter().all(there)
    }

    /// Takes away whatever names something that is not there.
    pub(super) fn prune(&mut self) {
        loop {
            let before = self.size();
            let whole = self.clone();
            for table in &mut self.tables {
                table.constraints.retain(|part| !whole.lacks(part));
                for column in &mut table.columns {
                    column.parts.retain(|part| !whole.lacks(part));
                    column.generated = column.generated.take().filter(|part| !whole.lacks(part));
                }
            }
            for all in
                [&mut self.indexes, &mut self.views, &mut self.triggers, &mut self.virtual_tables]
            {
                all.retain(|it| !whole.lacks(&it.part));
            }
            for table in &mut self.tables {
                let key = table.columns.iter().any(|column| column.key.is_some())
                    || table.constraints.iter().any(|part| part.sql.contains("PRIMARY KEY"));
                table.without_rowid &= key;
            }
            if self.size() == before {
                return;
            }
        }
    }

    fn size(&self) -> usize {
        let table = |table: &Table| {
            let parts = table
                .columns
                .iter()
                .map(|column| column.parts.len() + usize::from(column.generated.is_some()));
            table.constraints.len() + parts.sum::<usize>()
        };
        self.tables.iter().map(table).sum::<usize>()
            + self.indexes.len()
            + self.views.len()
            + self.triggers.len()
            + self.virtual_tables.len()
    }

    pub(super) fn schema(&self) -> Schema {
        let mut statements: Vec<Statement> = self.tables.iter().map(Table::statement).collect();
        let others = self.virtual_tables.iter().chain(&self.indexes);
        let others = others.chain(&self.views).chain(&self.triggers);
        statements.extend(others.map(|it| Statement::plain(&it.part.sql)));
        Schema(statements)
    }
}

impl Table {
    /// What a part that names its columns uses.
    pub(super) fn uses(&self, columns: &[&Column]) -> Vec<(String, String)> {
        columns.iter().map(|column| (self.name.clone(), column.name.clone())).collect()
    }

    /// Columns that hold a value.
    pub(super) fn plain(&self) -> Vec<&Column> {
        self.columns.iter().filter(|column| column.generated.is_none()).collect()
    }

    fn statement(&self) -> Statement {
        let mut options: Vec<&str> = Vec::new();
        options.extend(self.strict.then_some("STRICT"));
        options.extend(self.without_rowid.then_some("WITHOUT ROWID"));
        let columns = self.columns.iter().map(Column::sql);
        let constraints = self.constraints.iter().map(|part| part.sql.clone());
        Statement {
            head: format!("CREATE TABLE {}", quoted(&self.name)),
            items: columns.chain(constraints).collect(),
            tail: if options.is_empty() {
                String::new()
            } else {
                format!(" {}", options.join(", "))
            },
        }
    }
}

impl Column {
    fn sql(&self) -> String {
        let mut words = vec![quoted(&self.name)];
        if !self.type_name.is_empty() {
            words.push(self.type_name.clone());
        }
        words.extend(self.key.clone());
        words.extend(self.generated.iter().chain(&self.parts).map(|part| part.sql.clone()));
        words.join(" ")
    }
}

/// A name in the quotes that every name takes.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
