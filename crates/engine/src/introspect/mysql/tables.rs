//! Tables and sequences.

use std::collections::BTreeMap;

use xtask_db_schema::mysql::{Catalog, Collations, Sequence, Table};

use super::catalog::name;
use super::printed::{Printed, rows, show_create};
use crate::{Error, Session};

const TABLES: &str = "SELECT TABLE_NAME, TABLE_TYPE, TABLE_COLLATION \
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'VIEW' \
     ORDER BY TABLE_NAME";
const COLLATIONS: &str = "SELECT TABLE_NAME, COLUMN_NAME, COLLATION_NAME \
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() \
     AND COLLATION_NAME IS NOT NULL";

/// Reads both.
pub(super) async fn read(
    session: &mut Session,
    printed: &Printed,
    catalog: &mut Catalog,
) -> Result<(), Error> {
    let mut collations: BTreeMap<String, Collations> = BTreeMap::new();
    let (mut tables, mut sequences) = (Vec::new(), Vec::new());
    for [table, kind, collation] in rows(session, TABLES).await? {
        if printed.keep.keeps(&table) {
            continue;
        }
        match kind.as_str() {
            "SEQUENCE" => sequences.push(table),
            "BASE TABLE" | "SYSTEM VERSIONED" => {
                collations.entry(table.clone()).or_default().table = collation;
                tables.push(table);
            }
            _ => name(catalog, &kind.to_lowercase(), &table),
        }
    }
    for [table, column, collation] in rows(session, COLLATIONS).await? {
        if let Some(found) = collations.get_mut(&table) {
            found.columns.insert(column, collation);
        }
    }
    let texts = show_create(session, "TABLE", &tables, 1).await?;
    for (table, text) in tables.iter().zip(texts) {
        let text = text.unwrap_or_default();
        match Table::read(&text, &collations[table], printed.source()) {
            Ok(read) => {
                for what in &read.left_out {
                    name(catalog, what, table);
                }
                catalog.tables.push(read);
            }
            Err(_) => name(catalog, "table", table),
        }
    }
    let texts = show_create(session, "SEQUENCE", &sequences, 1).await?;
    for (sequence, text) in sequences.iter().zip(texts) {
        match Sequence::read(&text.unwrap_or_default(), printed.server) {
            Ok(sequence) => catalog.sequences.push(sequence),
            Err(_) => name(catalog, "sequence", sequence),
        }
    }
    Ok(())
}
