//! What statements do.

use xtask_db_sql::Span;

use super::{Column, Constraint, Expr, Index, Type};
use crate::name::Name;

/// What a statement does, as far as it was read.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    CreateTable(CreateTable),
    AlterTable(AlterTable),
    DropTable(Drop),
    /// `RENAME TABLE a TO b, …`
    RenameTables(Vec<(Name, Name)>),
    CreateIndex(CreateIndex),
    DropIndex(DropIndex),
    CreateView(CreateView),
    DropView(Drop),
    CreateTrigger(Trigger),
    DropTrigger(Name),
    CreateEnum {
        name: Name,
        values: Vec<String>,
    },
    AlterEnum {
        name: Name,
        action: EnumAction,
    },
    DropType(Drop),
    CreateSchema(Name),
    DropSchema(Vec<Name>),
    Policy {
        table: Option<Name>,
    },
    Truncate {
        tables: Vec<Name>,
        cascade: bool,
    },
    Write(Vec<Write>),
    Set(Vec<Setting>),
    Pragma {
        name: String,
        value: Option<String>,
    },
    Refresh {
        view: Name,
        concurrently: bool,
    },
    /// `VACUUM FULL`, `CLUSTER`.
    Rewrite {
        word: &'static str,
        table: Option<Name>,
    },
    /// Runs a text that is not looked into: `DO`, `CALL`, `EXECUTE`.
    Opaque(&'static str),
    Other,
}

/// `CREATE TABLE`.
#[derive(Debug, Clone)]
pub(crate) struct CreateTable {
    pub(crate) name: Name,
    pub(crate) temporary: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) or_replace: bool,
    pub(crate) columns: Vec<Column>,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) strict: bool,
    pub(crate) without_rowid: bool,
    /// `ENGINE=…`, `CHARSET=…`, in lower case.
    pub(crate) options: Vec<(String, String)>,
    /// Its columns are not all written here: `AS SELECT`, `LIKE`, `PARTITION OF`, `INHERITS`.
    pub(crate) derived: bool,
    /// `USING fts5(…)`.
    pub(crate) is_virtual: bool,
}

/// `ALTER TABLE`.
#[derive(Debug, Clone)]
pub(crate) struct AlterTable {
    pub(crate) table: Name,
    pub(crate) actions: Vec<Action>,
}

/// One action of `ALTER TABLE`.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) span: Span,
    pub(crate) does: Does,
}

/// What an action does.
#[derive(Debug, Clone)]
pub(crate) enum Does {
    AddColumn(Column),
    DropColumn(String),
    RenameColumn {
        from: String,
        to: String,
    },
    RenameTable(Name),
    SetSchema,
    /// PostgreSQL's `ALTER COLUMN … TYPE`.
    SetType {
        column: String,
        ty: Type,
        using: Option<Expr>,
    },
    SetNotNull(String),
    DropNotNull(String),
    SetDefault(String),
    DropDefault(String),
    /// `ADD GENERATED … AS IDENTITY`.
    AddIdentity(String),
    /// MySQL's `MODIFY` and `CHANGE`: the column's name before, its definition after.
    Modify {
        column: String,
        to: Column,
    },
    Add(Constraint),
    AddIndex(Index),
    Validate(String),
    /// A check or a foreign key too.
    DropConstraint(String),
    DropPrimaryKey,
    DropIndex(String),
    ConvertCharset(String),
    /// `ALGORITHM=…`, `LOCK=…`, `ENGINE=…`, in lower case.
    Option {
        name: String,
        value: String,
    },
    DetachPartition {
        concurrently: bool,
    },
    RowSecurity,
    Other,
}

/// `DROP …` of objects by name.
#[derive(Debug, Clone)]
pub(crate) struct Drop {
    pub(crate) names: Vec<Name>,
    pub(crate) cascade: bool,
    pub(crate) temporary: bool,
}

/// `CREATE INDEX`.
#[derive(Debug, Clone)]
pub(crate) struct CreateIndex {
    pub(crate) table: Name,
    pub(crate) index: Index,
    /// One past the word `INDEX`.
    pub(crate) word_end: usize,
}

/// `DROP INDEX`.
#[derive(Debug, Clone)]
pub(crate) struct DropIndex {
    pub(crate) names: Vec<String>,
    /// MySQL says the table.
    pub(crate) table: Option<Name>,
}

/// `CREATE VIEW`.
#[derive(Debug, Clone)]
pub(crate) struct CreateView {
    pub(crate) name: Name,
    /// The names in its query, folded: those without a qualifier, `table.column`, and `*`.
    pub(crate) reads: Vec<String>,
}

/// `CREATE TRIGGER`.
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub(crate) name: Name,
    pub(crate) table: Option<Name>,
}

/// `ALTER TYPE` of an enum.
#[derive(Debug, Clone)]
pub(crate) enum EnumAction {
    Add { value: String },
    Rename { from: String, to: String },
    RenameType(Name),
}

/// `INSERT`, `UPDATE` or `DELETE`, also inside `WITH`.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub(crate) span: Span,
    pub(crate) table: Name,
    pub(crate) does: Writes,
}

/// What is written.
#[derive(Debug, Clone)]
pub(crate) enum Writes {
    Update { set: Vec<(String, Expr)>, filter: Filter },
    Delete { filter: Filter },
    Insert(Insert),
}

/// Which rows are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    All,
    Where(Expr),
    /// A join or `LIMIT` narrows them.
    Joined,
}

/// `INSERT`.
#[derive(Debug, Clone)]
pub(crate) struct Insert {
    /// Written column names; none: by position.
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) source: Source,
    /// `ON CONFLICT`, `ON DUPLICATE KEY`, `IGNORE`, `REPLACE`, `NOT EXISTS`: may run again.
    pub(crate) again: bool,
}

/// Where inserted rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Values,
    /// A query: of all columns, from this table, with a `WHERE`.
    Query {
        star: bool,
        from: Option<Name>,
        filtered: bool,
    },
}

/// `SET name = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Kind {
    /// The writes of a statement, those inside `WITH` too.
    pub(crate) fn writes(&self) -> &[Write] {
        match self {
            Self::Write(writes) => writes,
            _ => &[],
        }
    }

    /// The actions of an `ALTER TABLE`, with its table.
    pub(crate) fn actions(&self) -> impl Iterator<Item = (&Name, &Action)> {
        let alter = match self {
            Self::AlterTable(alter) => Some(alter),
            _ => None,
        };
        alter.into_iter().flat_map(|alter| alter.actions.iter().map(|one| (&alter.table, one)))
    }
}
