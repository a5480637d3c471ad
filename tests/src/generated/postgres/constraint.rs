//! Constraints of tables.

use super::column::{Family, condition};
use super::table::Table;
use super::thing::column_of;
use super::world::{World, word};
use crate::support::Random;

/// A constraint.
#[derive(Debug, Clone)]
pub(super) struct Constraint {
    pub(super) name: String,
    /// Columns of its own table by name.
    pub(super) columns: Vec<String>,
    /// What else it needs.
    pub(super) needs: Vec<String>,
    pub(super) text: String,
    /// It comes after the table: one that refers to another, or is not proved.
    pub(super) later: bool,
}

/// What a table with a primary key on its `id` provides.
pub(super) fn key_of(table: &str) -> String {
    column_of(table, "(id)")
}

/// One for a table that is being drawn or changed.
pub(super) fn draw(world: &mut World, table: &Table, random: &mut Random) -> Option<Constraint> {
    let name = world.word("k", random);
    let none = Vec::new;
    let columns = table.readable();
    let (column, family) = random.pick(&columns).clone();
    let partitioned = table.partitions.is_some();
    let (columns, needs, text, later) = match random.below(6) {
        0 | 1 => {
            let valid = random.chance(80);
            let end = match (valid, partitioned) {
                (true, false) => word(random, &["", "", " NO INHERIT"]),
                (true, true) => "",
                (false, _) => " NOT VALID",
            };
            let condition = condition(&column, family, random);
            (vec![column], none(), format!("CHECK ({condition}){end}"), !valid)
        }
        2 if !partitioned => {
            const ENDS: [&str; 5] = [
                "",
                "",
                " WITH (fillfactor = 80)",
                " DEFERRABLE INITIALLY DEFERRED",
                " DEFERRABLE",
            ];
            let nulls = word(random, &["", "", " NULLS NOT DISTINCT"]);
            let list = if column == "id" { column.clone() } else { format!("id, {column}") };
            let include = if random.chance(20) { " INCLUDE (id)" } else { "" };
            let end = word(random, &ENDS);
            (vec![column], none(), format!("UNIQUE{nulls} ({list}){include}{end}"), false)
        }
        3 if !partitioned && family == Family::Number => {
            let condition = condition(&column, family, random);
            let text =
                format!("EXCLUDE USING btree (id WITH =, {column} WITH =) WHERE ({condition})");
            (vec![column], none(), text, false)
        }
        _ => {
            const ENDS: [&str; 7] = [
                "",
                "",
                " ON DELETE CASCADE",
                " ON UPDATE CASCADE ON DELETE RESTRICT",
                " DEFERRABLE INITIALLY DEFERRED",
                " DEFERRABLE",
                " MATCH FULL",
            ];
            let parents: Vec<&Table> =
                world.tables().into_iter().filter(|one| one.of.is_none()).collect();
            let parent = if parents.is_empty() {
                table.name.clone()
            } else {
                random.pick(&parents).name.clone()
            };
            let end = word(random, &ENDS);
            let valid = if partitioned || random.chance(85) { "" } else { " NOT VALID" };
            let text = format!("FOREIGN KEY (id) REFERENCES {parent} (id){end}{valid}");
            (vec!["id".to_owned()], vec![key_of(&parent)], text, true)
        }
    };
    Some(Constraint { name, columns, needs, text, later })
}
