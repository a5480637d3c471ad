//! Ledgers of other tools.

/// A migration tool whose ledger is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForeignTool {
    /// `_prisma_migrations`.
    Prisma,
    /// `_sqlx_migrations`.
    Sqlx,
    /// `__diesel_schema_migrations`.
    Diesel,
    /// `refinery_schema_history`.
    Refinery,
    /// `seaql_migrations`.
    SeaOrm,
    /// `flyway_schema_history`.
    Flyway,
    /// `schema_migrations`: Rails, dbmate, golang-migrate and others.
    SchemaMigrations,
    /// `django_migrations`.
    Django,
    /// `alembic_version`.
    Alembic,
    /// `databasechangelog`.
    Liquibase,
    /// `goose_db_version`.
    Goose,
    /// `atlas_schema_revisions`.
    Atlas,
    /// `__drizzle_migrations`.
    Drizzle,
    /// A ledger of this tool under another table name.
    XtaskDb,
}

/// A ledger that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignLedger {
    /// Whose.
    pub tool: ForeignTool,
    /// The table.
    pub table: String,
}

/// A row of sqlx's or diesel's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignRow {
    /// The version's text.
    pub version: String,
    /// sqlx: the description.
    pub description: Option<String>,
    /// sqlx: it succeeded; diesel: always.
    pub success: bool,
    /// sqlx: SHA-384, hex.
    pub checksum: Option<String>,
    /// When it was applied, the server's text.
    pub applied_at: String,
}
