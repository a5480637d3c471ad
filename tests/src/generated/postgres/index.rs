//! Indexes of tables.

use super::column::{Family, condition, expression};
use super::table::Table;
use super::thing::{Kind, Thing, column_of};
use super::world::{World, bare, comment, word};
use crate::support::Random;

/// An index, when there is a table.
pub(super) fn draw(world: &mut World, random: &mut Random) -> Option<Thing> {
    let bare_name = world.word("i", random);
    let tables: Vec<&Table> = world.tables();
    if tables.is_empty() {
        return None;
    }
    let table = *random.pick(&tables);
    let (columns, partitioned) = (table.readable(), table.partitions.is_some());
    let (column, family) = random.pick(&columns).clone();
    let mut needs = vec![table.name.clone(), column_of(&table.name, &column)];
    let trigrams = world.thing("pg_trgm").is_some();
    let (method, key) = match family {
        Family::Json => ("gin", format!("{column}{}", word(random, &["", " jsonb_path_ops"]))),
        Family::Words => ("gin", column.clone()),
        Family::Text if trigrams && random.chance(40) => {
            needs.push("pg_trgm".to_owned());
            ("gin", format!("({column}::text) gin_trgm_ops"))
        }
        Family::Number | Family::Text if random.chance(30) => {
            ("btree", format!("({})", expression(&column, family, random).0))
        }
        Family::Number | Family::Time if random.chance(20) => ("brin", column.clone()),
        Family::Number | Family::Text if random.chance(20) => ("hash", column.clone()),
        _ => {
            let order = word(random, &["", "", " DESC", " DESC NULLS LAST", " NULLS FIRST"]);
            ("btree", format!("{column}{order}"))
        }
    };
    let btree = method == "btree";
    let unique = btree && !partitioned && random.chance(25);
    let nulls = if unique { word(random, &["", " NULLS NOT DISTINCT"]) } else { "" };
    let include = if btree && random.chance(15) { " INCLUDE (id)" } else { "" };
    let with = if btree { word(random, &["", "", " WITH (fillfactor = 70)"]) } else { "" };
    let mut filter = String::new();
    if random.chance(20) {
        let (column, family) = random.pick(&columns);
        if *family != Family::Time {
            needs.push(column_of(&table.name, column));
            filter = format!(" WHERE {}", condition(column, *family, random));
        }
    }
    let unique = if unique { "UNIQUE " } else { "" };
    let sql = format!(
        "CREATE {unique}INDEX {bare_name} ON {} USING {method} ({key}){include}{nulls}{with}{filter}",
        table.name
    );
    // It is in the schema of its table.
    let name = match table.name == bare(&table.name) {
        true => bare_name,
        false => format!("app.{bare_name}"),
    };
    let mut sql = vec![sql];
    sql.extend(comment(&format!("INDEX {name}"), random));
    Some(Thing { name, kind: Kind::Index, needs, columns: Vec::new(), sql })
}
