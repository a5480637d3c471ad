//! The clauses of `ALTER TABLE` for the table's own options.

use crate::SchemaError;
use crate::mysql::{Table, write};

/// What an option is set to that a table should not have.
const RESETS: [(&str, &str); 21] = [
    ("AVG_ROW_LENGTH", "0"),
    ("CHECKSUM", "0"),
    ("COMMENT", "''"),
    ("COMPRESSION", "''"),
    ("CONNECTION", "''"),
    ("DELAY_KEY_WRITE", "0"),
    ("ENCRYPTION", "'N'"),
    ("ENGINE_ATTRIBUTE", "''"),
    ("INSERT_METHOD", "NO"),
    ("KEY_BLOCK_SIZE", "0"),
    ("MAX_ROWS", "0"),
    ("MIN_ROWS", "0"),
    ("PACK_KEYS", "DEFAULT"),
    ("PAGE_CHECKSUM", "1"),
    ("ROW_FORMAT", "DEFAULT"),
    ("SECONDARY_ENGINE", "NULL"),
    ("SECONDARY_ENGINE_ATTRIBUTE", "''"),
    ("STATS_AUTO_RECALC", "DEFAULT"),
    ("STATS_PERSISTENT", "DEFAULT"),
    ("STATS_SAMPLE_PAGES", "DEFAULT"),
    ("TRANSACTIONAL", "DEFAULT"),
];

/// A clause for each option that changes.
pub(super) fn options(from: &Table, to: &Table) -> Result<Vec<String>, SchemaError> {
    let mut clauses = Vec::new();
    if from.versioned && to.versioned && from.options.get("ENGINE") != to.options.get("ENGINE") {
        return Err(SchemaError::Refused {
            object: format!("table {}", to.name),
            reason:
                "the engine of a system-versioned table cannot change: drop the versioning in a \
                     migration before, which loses its history"
                    .to_owned(),
        });
    }
    for (option, value) in &to.options {
        if from.options.get(option) != Some(value) {
            let sign = if option == "TABLESPACE" { " " } else { "=" };
            clauses.push(format!("{option}{sign}{value}"));
        }
    }
    for option in from.options.keys().filter(|option| !to.options.contains_key(*option)) {
        let reset = RESETS.iter().find(|(name, _)| name == option);
        // `page_compressed`: an option of the storage engine
        let engine = option.starts_with('`').then_some("DEFAULT");
        let value =
            reset.map(|(_, value)| *value).or(engine).ok_or_else(|| SchemaError::Refused {
                object: format!("table {}", to.name),
                reason: format!("no statement takes the option {option} away"),
            })?;
        clauses.push(format!("{option}={value}"));
    }
    if from.collation != to.collation {
        clauses.push(format!("COLLATE={}", write::name(&to.collation)));
    }
    match (from.versioned, to.versioned) {
        (false, true) => clauses.push("ADD SYSTEM VERSIONING".to_owned()),
        (true, false) => clauses.push("DROP SYSTEM VERSIONING".to_owned()),
        _ => {}
    }
    Ok(clauses)
}
