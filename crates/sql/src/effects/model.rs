//! What a statement does to a transaction and beyond its database, found from its first words.

/// Transaction control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END` (SQLite and PostgreSQL); not `COMMIT PREPARED`.
    Commit,
    /// `ROLLBACK`, `ABORT`, without `TO`; `PREPARE TRANSACTION`, which leaves nothing to commit.
    Rollback,
    /// `SAVEPOINT`, `RELEASE`, `ROLLBACK TO`: allowed in a transaction.
    Savepoint,
}

/// The kind of object a statement names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// A table.
    Table,
    /// An index.
    Index,
    /// A view.
    View,
    /// A trigger.
    Trigger,
    /// A function or procedure.
    Routine,
    /// A database (MySQL: a schema).
    Database,
    /// A type, PostgreSQL's enums above all.
    Type,
    /// Anything else: sequence, event, user, …
    Other,
}

/// An object that a statement creates, changes or drops, as written, unquoted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// Its kind.
    pub kind: ObjectKind,
    /// Schema or database, when written.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// For an index, a trigger or a policy: the table it is on, when written. Then `schema` is that
    /// table's when the object has none of its own. (An index without a name is not an object: its
    /// table is in its place.)
    pub on: Option<String>,
}

/// How a statement reaches outside its database. Such statements are not run on a shadow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// `CREATE/ALTER/DROP ROLE|USER|GROUP`, `REASSIGN OWNED`, membership; each MySQL `GRANT`.
    Roles,
    /// `ALTER SYSTEM`, `SET GLOBAL`, `SET PERSIST`, `FLUSH`, plugins.
    Server,
    /// `CREATE/ALTER/DROP DATABASE` by name, privileges on it, `USE`, tablespaces.
    Database,
    /// Publications, subscriptions, foreign servers and their tables, replication.
    Replication,
    /// `ATTACH`, `DETACH`, `VACUUM INTO`, `COPY … TO/FROM 'file'|PROGRAM`, `LOAD DATA`,
    /// `INTO OUTFILE`, `load_extension`.
    Files,
}

/// What a statement does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// It controls a transaction.
    pub control: Option<Control>,
    /// It cannot run in a transaction block (`CREATE INDEX CONCURRENTLY`, `VACUUM`, …), or the
    /// server commits it by itself (MySQL DDL and account statements), or might (MySQL `CALL`,
    /// `EXECUTE`, compound statements, whose text is not known here).
    pub alone: bool,
    /// PostgreSQL: a `CONCURRENTLY` form that waits for other sessions and so is `alone`. `REFRESH
    /// MATERIALIZED VIEW CONCURRENTLY` is neither.
    pub concurrently: bool,
    /// It reaches outside the database.
    pub reach: Option<Reach>,
    /// What it creates, changes or drops; empty when that cannot be told from its first words.
    pub objects: Vec<ObjectRef>,
    /// SQLite `PRAGMA foreign_keys = …`: the value it sets.
    pub foreign_keys: Option<bool>,
    /// SQLite `DROP TABLE`, or `ALTER TABLE … RENAME TO`: part of a table rebuild.
    pub rebuild: bool,
    /// It is data definition: `CREATE`, `ALTER`, `DROP`, `TRUNCATE`, `RENAME`, `COMMENT`,
    /// `GRANT`, ….
    pub ddl: bool,
}
