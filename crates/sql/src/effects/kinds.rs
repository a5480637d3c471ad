//! The words that say what `CREATE`, `ALTER`, `DROP` and `COMMENT ON` are about.

use super::{ObjectKind, Reach};

/// A kind's word and what it means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub(super) word: &'static str,
    pub(super) object: ObjectKind,
    pub(super) reach: Option<Reach>,
}

const fn local(word: &'static str, object: ObjectKind) -> Kind {
    Kind { word, object, reach: None }
}

const fn far(word: &'static str, reach: Reach) -> Kind {
    Kind { word, object: ObjectKind::Other, reach: Some(reach) }
}

const DATABASE: Kind =
    Kind { word: "DATABASE", object: ObjectKind::Database, reach: Some(Reach::Database) };

pub(super) const POSTGRES: &[Kind] = &[
    local("TABLE", ObjectKind::Table),
    local("INDEX", ObjectKind::Index),
    local("VIEW", ObjectKind::View),
    local("TRIGGER", ObjectKind::Trigger),
    local("FUNCTION", ObjectKind::Routine),
    local("PROCEDURE", ObjectKind::Routine),
    local("ROUTINE", ObjectKind::Routine),
    local("AGGREGATE", ObjectKind::Routine),
    local("TYPE", ObjectKind::Type),
    local("DOMAIN", ObjectKind::Type),
    local("SEQUENCE", ObjectKind::Other),
    local("SCHEMA", ObjectKind::Other),
    local("EXTENSION", ObjectKind::Other),
    local("POLICY", ObjectKind::Other),
    local("RULE", ObjectKind::Other),
    local("STATISTICS", ObjectKind::Other),
    local("COLLATION", ObjectKind::Other),
    local("CONVERSION", ObjectKind::Other),
    local("LANGUAGE", ObjectKind::Other),
    DATABASE,
    far("TABLESPACE", Reach::Database),
    far("ROLE", Reach::Roles),
    far("USER", Reach::Roles),
    far("GROUP", Reach::Roles),
    far("PUBLICATION", Reach::Replication),
    far("SUBSCRIPTION", Reach::Replication),
    far("SERVER", Reach::Replication),
    far("SYSTEM", Reach::Server),
];

pub(super) const MYSQL: &[Kind] = &[
    local("TABLE", ObjectKind::Table),
    local("TABLES", ObjectKind::Table),
    local("INDEX", ObjectKind::Index),
    local("VIEW", ObjectKind::View),
    local("TRIGGER", ObjectKind::Trigger),
    local("FUNCTION", ObjectKind::Routine),
    local("PROCEDURE", ObjectKind::Routine),
    local("PACKAGE", ObjectKind::Routine),
    local("EVENT", ObjectKind::Other),
    local("SEQUENCE", ObjectKind::Other),
    DATABASE,
    Kind { word: "SCHEMA", object: ObjectKind::Database, reach: Some(Reach::Database) },
    far("TABLESPACE", Reach::Database),
    far("LOGFILE", Reach::Database),
    far("USER", Reach::Roles),
    far("ROLE", Reach::Roles),
    far("SERVER", Reach::Replication),
    far("INSTANCE", Reach::Server),
    far("RESOURCE", Reach::Server),
    far("SPATIAL", Reach::Server),
];

pub(super) const SQLITE: &[Kind] = &[
    local("TABLE", ObjectKind::Table),
    local("INDEX", ObjectKind::Index),
    local("VIEW", ObjectKind::View),
    local("TRIGGER", ObjectKind::Trigger),
];
