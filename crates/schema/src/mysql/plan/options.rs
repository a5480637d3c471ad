//! The clauses of `ALTER TABLE` for the table's own options.

use crate::SchemaError;
use crate::mysql::{Table, write};

/// What an option is set to that a table should not have.
const RESETS: [(&str, &str); 23] = [
    ("AUTOEXTEND_SIZE", "0"),
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
    ("UNION", "()"),
];

/// What cannot stand in one statement with another engine: it goes before, under the old one.
pub(super) fn before_engine(from: &Table, to: &Table) -> Result<Vec<String>, SchemaError> {
    if from.options.get("ENGINE") == to.options.get("ENGINE") {
        return Ok(Vec::new());
    }
    if from.versioned && to.versioned {
        return Err(SchemaError::Refused {
            object: format!("table {}", to.name),
            reason:
                "the engine of a system-versioned table cannot change: drop the versioning in a \
                     migration before, which loses its history"
                    .to_owned(),
        });
    }
    let gone = from.options.keys().filter(|option| !to.options.contains_key(*option));
    let mut clauses: Vec<String> = gone
        .filter(|option| is_of_engine(option))
        .map(|option| format!("{option}=DEFAULT"))
        .collect();
    if from.versioned {
        clauses.push("DROP SYSTEM VERSIONING".to_owned());
    }
    Ok(clauses)
}

/// What the old engine might not know goes after it.
pub(super) fn after_engine(from: &Table, to: &Table) -> Option<String> {
    let comes = from.options.get("ENGINE") != to.options.get("ENGINE") && to.versioned;
    comes.then(|| write::alter_table(&to.name, &["ADD SYSTEM VERSIONING".to_owned()]))
}

/// A clause for each option that changes.
pub(super) fn options(from: &Table, to: &Table) -> Result<Vec<String>, SchemaError> {
    let mut clauses = Vec::new();
    let other_engine = from.options.get("ENGINE") != to.options.get("ENGINE");
    for (option, value) in &to.options {
        if from.options.get(option) != Some(value) {
            let sign = if option == "TABLESPACE" { " " } else { "=" };
            clauses.push(format!("{option}{sign}{value}"));
        }
    }
    for option in from.options.keys().filter(|option| !to.options.contains_key(*option)) {
        if other_engine && is_of_engine(option) {
            continue;
        }
        let reset = RESETS.iter().find(|(name, _)| name == option).map(|(_, value)| *value);
        let value = reset.or(is_of_engine(option).then_some("DEFAULT")).ok_or_else(|| {
            SchemaError::Refused {
                object: format!("table {}", to.name),
                reason: format!("no statement takes the option {option} away"),
            }
        })?;
        clauses.push(format!("{option}={value}"));
    }
    if from.collation != to.collation {
        clauses.push(format!("COLLATE={}", write::name(&to.collation)));
    }
    match (from.versioned, to.versioned) {
        (false, true) if !other_engine => clauses.push("ADD SYSTEM VERSIONING".to_owned()),
        (true, false) if !other_engine => clauses.push("DROP SYSTEM VERSIONING".to_owned()),
        _ => {}
    }
    Ok(clauses)
}

/// `` `page_compressed` ``: the server prints the options of a storage engine in quotes.
fn is_of_engine(option: &str) -> bool {
    option.starts_with('`')
}
