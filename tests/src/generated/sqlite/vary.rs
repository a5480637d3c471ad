//! Changes of a schema.

use super::model::Model;
use crate::support::Random;

impl Model {
    /// Makes one change, and takes away what it leaves without a base.
    pub(super) fn change(&mut self, random: &mut Random) {
        match random.below(20) {
            0 => self.add_table(random),
            1 => drop_one(&mut self.tables, random),
            2..=9 => self.change_table(random),
            10 => self.add_index(random),
            11 => drop_one(&mut self.indexes, random),
            12 => self.add_view(random),
            13 => drop_one(&mut self.views, random),
            14 => self.add_trigger(random),
            15 => drop_one(&mut self.triggers, random),
            16 => self.add_virtual(random),
            17 => drop_one(&mut self.virtual_tables, random),
            18 => {
                drop_one(&mut self.views, random);
                self.prune();
                self.add_table(random);
            }
            _ => {
                drop_one(&mut self.tables, random);
                self.prune();
                self.add_view(random);
            }
        }
        self.prune();
    }

    pub(super) fn change_table(&mut self, random: &mut Random) {
        if self.tables.is_empty() {
            return;
        }
        let at = random.index(self.tables.len());
        let table = &mut self.tables[at];
        let column = random.index(table.columns.len());
        match random.below(12) {
            0..=1 => table.add_column(random),
            2..=3 => {
                let holds = |at: &usize| *at != column && table.columns[*at].generated.is_none();
                if (0..table.columns.len()).any(|at| holds(&at)) {
                    table.columns.remove(column);
                }
            }
            4 => {
                let whole = table.clone();
                table.columns[column].draw_parts(&whole, random);
            }
            5 => {
                let own = &mut table.columns[column];
                if own.key.is_none() {
                    let types = if own.text { ["TEXT", "BLOB"] } else { ["REAL", "INT"] };
                    own.type_name = (*random.pick(&types)).to_owned();
                }
            }
            6 => table.columns.reverse(),
            7 => table.add_constraint(random),
            8 => drop_one(&mut table.constraints, random),
            9 => {
                let strict = ["INTEGER", "INT", "TEXT", "REAL", "BLOB"];
                let fits =
                    |column: &super::model::Column| strict.contains(&column.type_name.as_str());
                table.strict = !table.strict && table.columns.iter().all(fits);
                if !table.strict {
                    let any = table.columns.iter_mut().filter(|column| column.type_name == "ANY");
                    any.for_each(|column| column.type_name.clear());
                }
            }
            10 => {
                let own = table.columns[column].name.clone();
                let upper = own.to_ascii_uppercase();
                self.rename_column(at, &own, &upper);
            }
            _ => self.add_reference(at, random),
        }
    }

    /// Another spelling of a column's name; what names it is left as it is, but for the books.
    fn rename_column(&mut self, at: usize, from: &str, to: &str) {
        let table = self.tables[at].name.clone();
        let mut whole = vec![];
        for table in &mut self.tables {
            whole.extend(table.constraints.iter_mut());
            for column in &mut table.columns {
                whole.extend(column.parts.iter_mut().chain(column.generated.as_mut()));
            }
        }
        let objects = self.indexes.iter_mut().chain(&mut self.views);
        let objects = objects.chain(&mut self.triggers).chain(&mut self.virtual_tables);
        whole.extend(objects.map(|it| &mut it.part));
        for (of, column) in whole.into_iter().flat_map(|part| &mut part.uses) {
            if *of == table && column == from {
                to.clone_into(column);
            }
        }
        for column in &mut self.tables[at].columns {
            if column.name == from {
                to.clone_into(&mut column.name);
            }
        }
    }
}

fn drop_one<T>(all: &mut Vec<T>, random: &mut Random) {
    if !all.is_empty() {
        all.remove(random.index(all.len()));
    }
}
