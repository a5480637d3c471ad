//! The columns of tables and views, as the server sees them.

use xtask_db_schema::sqlite::{ColumnFact, Facts};
use xtask_db_sql::literal;

use crate::conn::TextRow;
use crate::{Error, Session};

const COLUMNS: &str =
    "x.name, x.type, x.\"notnull\", x.dflt_value IS NOT NULL, x.pk, x.hidden, x.cid";

/// The columns of all tables but virtual ones, whose module may be away.
pub(super) async fn of_tables(session: &mut Session, facts: &mut Facts) -> Result<(), Error> {
    let sql = format!(
        "SELECT l.name, {COLUMNS} FROM pragma_table_list l \
         JOIN pragma_table_xinfo(l.name, 'main') x \
         WHERE l.schema = 'main' AND l.type = 'table' ORDER BY l.name, x.cid"
    );
    for mut row in session.read("reading the columns", &sql).await? {
        if let Some(table) = row.remove(0) {
            facts.columns.entry(table).or_default().push(fact(row));
        }
    }
    Ok(())
}

/// The columns of a view or a virtual table; what the server says when it has none.
pub(super) async fn of_one(session: &mut Session, name: &str, facts: &mut Facts) {
    let quoted = literal(session.syntax(), name);
    let sql =
        format!("SELECT {COLUMNS} FROM pragma_table_xinfo({quoted}, 'main') x ORDER BY x.cid");
    match session.ask(&sql).await {
        Ok(rows) => {
            let columns = rows.into_iter().map(fact).collect();
            facts.columns.insert(name.to_owned(), columns);
        }
        Err(error) => {
            facts.broken.insert(name.to_owned(), error.message);
        }
    }
}

fn fact(row: TextRow) -> ColumnFact {
    let mut row = row.into_iter().map(Option::unwrap_or_default);
    let mut next = || row.next().unwrap_or_default();
    ColumnFact {
        name: next(),
        type_name: next(),
        not_null: next() == "1",
        default: next() == "1",
        key: next().parse().unwrap_or_default(),
        hidden: next().parse().unwrap_or_default(),
    }
}
