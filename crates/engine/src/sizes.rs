//! How large tables are, as the server estimates it: cheap enough for a production database.
//!
//! Invariant: nothing is changed.

use xtask_db_sql::Dialect;

use crate::conn::TextRow;
use crate::{Error, Session};

/// The size of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableSize {
    /// PostgreSQL: its schema, when it is not the session's own.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// About how many rows; none when the server has no estimate.
    pub rows: Option<u64>,
    /// With its indexes; none when the server cannot tell.
    pub bytes: Option<u64>,
}

/// Rows as the planner estimates them, rows per page times the pages there are now; of a
/// partitioned table the sum of its leaves. A table that nobody has analysed says -1.
const POSTGRES: &str = "\
    SELECT CASE WHEN n.nspname = current_schema() THEN NULL ELSE n.nspname END, c.relname, \
    (SELECT CASE WHEN bool_or(l.reltuples < 0 OR (l.relpages = 0 AND pg_relation_size(l.oid) > 0)) \
    THEN -1 ELSE coalesce(sum(CASE WHEN l.relpages > 0 THEN l.reltuples / l.relpages * \
    (pg_relation_size(l.oid) / current_setting('block_size')::int) ELSE 0 END), 0) END \
    FROM pg_class l WHERE l.relkind IN ('r', 'm') AND l.oid IN (SELECT c.oid UNION \
    SELECT p.relid FROM pg_partition_tree(c.oid) p))::bigint, \
    (SELECT pg_total_relation_size(c.oid) + coalesce(sum(pg_total_relation_size(p.relid)), 0) \
    FROM pg_partition_tree(c.oid) p WHERE p.relid <> c.oid)::bigint \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname <> 'information_schema' \
    AND n.nspname NOT LIKE 'pg\\_%'";
const MYSQL: &str = "\
    SELECT NULL, CAST(table_name AS CHAR), CAST(table_rows AS CHAR), \
    CAST(data_length + index_length AS CHAR) FROM information_schema.tables \
    WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'";
const SQLITE: &str = "\
    SELECT NULL, s.name, -1, (SELECT sum(d.pgsize) FROM dbstat d JOIN sqlite_schema o \
    ON o.name = d.name WHERE o.tbl_name = s.name) \
    FROM sqlite_schema s WHERE s.type = 'table'";

/// The sizes of all tables, by name. A table without an estimate is counted, as far as the
/// session's time limit for a statement lets it.
///
/// # Errors
/// The connection is lost, or the server refuses.
pub async fn sizes(session: &mut Session) -> Result<Vec<TableSize>, Error> {
    let sql = match session.dialect() {
        Dialect::Postgres => POSTGRES,
        Dialect::Mysql => MYSQL,
        Dialect::Sqlite => SQLITE,
    };
    let rows = session.read("asking for the sizes of tables", sql).await?;
    let mut sizes: Vec<TableSize> = rows.iter().filter_map(of_row).collect();
    sizes.sort();
    for size in sizes.iter_mut().filter(|size| size.rows.is_none()) {
        size.rows = count(session, size).await?;
    }
    Ok(sizes)
}

fn of_row(row: &TextRow) -> Option<TableSize> {
    let text = |at: usize| row.get(at).cloned().flatten();
    // -1 is no number of rows, and so is none
    let number = |at: usize| text(at)?.parse().ok();
    Some(TableSize { schema: text(0), name: text(1)?, rows: number(2), bytes: number(3) })
}

async fn count(session: &mut Session, size: &TableSize) -> Result<Option<u64>, Error> {
    let dialect = session.dialect();
    let name = |part: &str| xtask_db_sql::ident(dialect, part);
    let table = match &size.schema {
        Some(schema) => format!("{}.{}", name(schema), name(&size.name)),
        None => name(&size.name),
    };
    match crate::ask(session, &format!("SELECT count(*) FROM {table}")).await? {
        crate::Answer::Rows(rows) => Ok(Some(rows)),
        crate::Answer::Absent | crate::Answer::Unknown => Ok(None),
    }
}
