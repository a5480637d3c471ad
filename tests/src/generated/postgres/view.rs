//! Views and materialized views.

use super::column::{Family, condition, expression};
use super::thing::{Kind, Thing, column_of};
use super::world::{World, bare, comment, word};
use crate::support::Random;

/// What a view is over.
type Source<'a> = (&'a str, Vec<(String, Family)>);

/// A view, when there is something to look at.
pub(super) fn draw(world: &mut World, random: &mut Random) -> Option<Thing> {
    let (name, _) = world.name("v", random);
    let kind = Kind::View;
    let thing = Thing { name, kind, needs: Vec::new(), columns: Vec::new(), sql: Vec::new() };
    redraw(thing, world, random)
}

/// The same view of other columns, or of another relation.
pub(super) fn redraw(mut thing: Thing, world: &World, random: &mut Random) -> Option<Thing> {
    let readable = world.readable();
    if readable.is_empty() {
        return None;
    }
    let (relation, columns) = random.pick(&readable);
    let mut needs = vec![(*relation).to_owned()];
    let mut shown = Vec::new();
    thing.columns.clear();
    for (column, family) in columns {
        if column != "id" && !random.chance(60) {
            continue;
        }
        needs.push(column_of(relation, column));
        shown.push(format!("a.{column}"));
        thing.columns.push((column.clone(), *family));
        if column != "id" && random.chance(15) {
            let (text, family) = expression(&format!("a.{column}"), *family, random);
            let new = format!("x{}_{}", random.below(1000), shown.len());
            shown.push(format!("{text} AS {new}"));
            thing.columns.push((new, family));
        }
    }
    let functions = world.things(|kind| *kind == Kind::Number);
    if random.chance(20) && !functions.is_empty() && !shown.is_empty() {
        let function = &random.pick(&functions).name;
        needs.push(function.clone());
        shown.push(format!("{function}(3) AS fx"));
        thing.columns.push(("fx".to_owned(), Family::Number));
    }
    if shown.is_empty() {
        shown.push("1 AS one".to_owned());
        thing.columns.push(("one".to_owned(), Family::Number));
    }
    let from = (*relation, columns.clone());
    let (query, plain) = query(&shown, &from, &readable, &mut needs, random);
    thing.needs = needs;
    if thing.name != bare(&thing.name) {
        thing.needs.push("app".to_owned());
    }
    thing.sql = statements(&thing, &query, plain, random);
    Some(thing)
}

/// The query, and whether the view can be written to.
fn query(
    shown: &[String],
    (relation, columns): &Source<'_>,
    readable: &[Source<'_>],
    needs: &mut Vec<String>,
    random: &mut Random,
) -> (String, bool) {
    let list = shown.join(", ");
    let (column, family) = random.pick(columns);
    let filter = condition(&format!("a.{column}"), *family, random);
    match random.below(6) {
        0 | 1 => {
            needs.push(column_of(relation, column));
            (format!("SELECT {list} FROM {relation} a WHERE {filter}"), true)
        }
        2 => {
            let (other, others) = random.pick(readable);
            let (joined, _) = random.pick(others);
            needs.extend([(*other).to_owned(), column_of(other, joined)]);
            let query = format!(
                "SELECT {list}, count(b.{joined}) OVER (PARTITION BY a.{column}) AS n \
                 FROM {relation} a LEFT JOIN {other} b ON b.{joined} IS NULL"
            );
            needs.push(column_of(relation, column));
            (query, false)
        }
        3 => {
            let query = format!("SELECT DISTINCT {list} FROM {relation} a LIMIT 10");
            let sortable = !columns.iter().any(|(_, family)| *family == Family::Other);
            (if sortable { query } else { query.replace("DISTINCT ", "") }, false)
        }
        4 => {
            let query = format!(
                "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT r.i + 1 FROM r WHERE r.i < 3) \
                 SELECT {list} FROM {relation} a, r UNION ALL SELECT {list} FROM {relation} a"
            );
            (query, false)
        }
        _ => (format!("SELECT {list} FROM {relation} a"), true),
    }
}

fn statements(thing: &Thing, query: &str, plain: bool, random: &mut Random) -> Vec<String> {
    let name = &thing.name;
    let column = &random.pick(&thing.columns).0;
    let mut sql = Vec::new();
    if random.chance(25) {
        let with = word(random, &["", " WITH (fillfactor = 50)"]);
        let data = word(random, &["", " WITH NO DATA"]);
        sql.push(format!("CREATE MATERIALIZED VIEW {name}{with} AS {query}{data}"));
        sql.extend(comment(&format!("MATERIALIZED VIEW {name}"), random));
        if random.chance(30) {
            sql.push(format!("ALTER MATERIALIZED VIEW {name} ALTER {column} SET STATISTICS 50"));
        }
        if random.chance(40) && thing.columns.iter().any(|(column, _)| column == "id") {
            let unique = word(random, &["", "UNIQUE "]);
            sql.push(format!("CREATE {unique}INDEX ON {name} (id)"));
        }
    } else {
        const OPTIONS: [&str; 5] = [
            "",
            "",
            " WITH (security_barrier = true)",
            " WITH (security_invoker = on)",
            " WITH (check_option = local, security_barrier)",
        ];
        let options = word(random, &OPTIONS);
        let options = if plain || !options.contains("check") { options } else { "" };
        sql.push(format!("CREATE VIEW {name}{options} AS {query}"));
        sql.extend(comment(&format!("VIEW {name}"), random));
        if random.chance(10) && plain && thing.columns.iter().any(|(column, _)| column == "id") {
            let number = random.below(9);
            sql.push(format!("ALTER VIEW {name} ALTER COLUMN id SET DEFAULT {number}"));
        }
    }
    sql.extend(comment(&format!("COLUMN {name}.{column}"), random));
    if random.chance(20) {
        let privilege = word(random, &["SELECT", "ALL", "SELECT (id)"]);
        let id = thing.columns.iter().any(|(column, _)| column == "id");
        if id || !privilege.contains("id") {
            sql.push(format!("GRANT {privilege} ON {name} TO pg_monitor"));
        }
    }
    sql
}
