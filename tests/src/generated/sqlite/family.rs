//! Tables that refer to each other with every action, and a change for which at least one of them
//! is made again: what a careless rebuild loses rows by.

use super::model::{Column, Model, Named, Part, Table, quoted};
use crate::generated::Schema;
use crate::support::Random;

/// What happens to rows whose parent goes.
pub(super) const ACTIONS: [&str; 5] =
    ["CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "NO ACTION"];

/// Two schemas of parents, children and their toys.
#[must_use]
pub fn draw_family(random: &mut Random) -> (Schema, Schema) {
    let current = Model::family(random);
    let mut desired = current.clone();
    for _ in 0..random.below(3) {
        desired.change_table(random);
        desired.prune();
    }
    let again = random.index(desired.tables.len());
    for (at, table) in desired.tables.iter_mut().enumerate() {
        if at == again || random.chance(30) {
            let sql = "CONSTRAINT again CHECK (1 = 1)".to_owned();
            table.constraints.push(Part { sql, uses: Vec::new() });
        }
    }
    match random.chance(50) {
        true => (current.schema(), desired.schema()),
        false => (desired.schema(), current.schema()),
    }
}

impl Model {
    fn family(random: &mut Random) -> Self {
        let mut parents = Table { name: "parents".to_owned(), ..Table::default() };
        parents.without_rowid = random.chance(15);
        let key = if !parents.without_rowid && random.chance(30) {
            "PRIMARY KEY AUTOINCREMENT"
        } else {
            "PRIMARY KEY"
        };
        parents.columns.push(member("id", "INTEGER", Some(key)));
        let mut code = member("code", "TEXT", None);
        code.parts.push(Part { sql: "UNIQUE".to_owned(), uses: Vec::new() });
        parents.columns.push(code);
        parents.columns.push(referring("up", "parents", "id", random));
        let mut children = Table { name: "children".to_owned(), ..Table::default() };
        let key = if random.chance(50) { "INTEGER" } else { "INT" };
        children.columns.push(member("id", key, Some("PRIMARY KEY")));
        children.columns.push(referring("parent", "parents", "id", random));
        let mut toys = Table { name: "toys".to_owned(), ..Table::default() };
        toys.columns.push(referring("owner", "children", "id", random));
        toys.columns.push(referring("mark", "parents", "code", random));
        let mut model = Self { tables: vec![parents, children, toys], ..Self::default() };
        for table in &mut model.tables {
            for _ in 0..random.below(3) {
                table.add_column(random);
            }
        }
        model.add_index(random);
        model.add_view(random);
        if random.chance(50) {
            let sql = "CREATE TRIGGER gone AFTER DELETE ON parents BEGIN DELETE FROM toys; END";
            let uses = ["parents", "toys"].map(|name| (name.to_owned(), String::new()));
            let part = Part { sql: sql.to_owned(), uses: uses.into() };
            model.triggers.push(Named { name: "gone".to_owned(), part });
        }
        model
    }
}

fn member(name: &str, type_name: &str, key: Option<&str>) -> Column {
    Column {
        name: name.to_owned(),
        type_name: type_name.to_owned(),
        text: type_name == "TEXT",
        key: key.map(str::to_owned),
        ..Column::default()
    }
}

fn referring(name: &str, table: &str, column: &str, random: &mut Random) -> Column {
    let mut sql = format!("REFERENCES {} ({})", quoted(table), quoted(column));
    for event in ["DELETE", "UPDATE"] {
        sql.push_str(&format!(" ON {event} {}", random.pick(&ACTIONS)));
    }
    if random.chance(30) {
        sql.push_str(" DEFERRABLE INITIALLY DEFERRED");
    }
    let type_name = if column == "code" { "TEXT" } else { "INTEGER" };
    let mut own = member(name, type_name, None);
    own.parts.push(Part { sql, uses: vec![(table.to_owned(), column.to_owned())] });
    own
}
