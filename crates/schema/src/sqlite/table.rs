//! A table: columns, constraints, options.

use serde::{Deserialize, Serialize};

use xtask_db_sql::TokenKind;

use super::name::{is_keyword, same, text, unquoted};
use super::tokens::tokens;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The statement that makes it, as SQLite keeps it.
    pub sql: String,
    /// In order.
    pub columns: Vec<Column>,
    /// Those that stand behind the columns, in order.
    pub constraints: Vec<Constraint>,
    /// `STRICT`.
    pub strict: bool,
    /// `WITHOUT ROWID`.
    pub without_rowid: bool,
    /// It has a string in double quotes.
    pub loose_strings: bool,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its definition as written, the name included.
    pub text: String,
    /// Its definition without the name, in the form in which definitions are compared.
    pub form: String,
    /// Its type with one space between words; empty: none.
    pub type_name: String,
    /// `NOT NULL` is written.
    pub not_null: bool,
    /// Its default.
    pub default: Option<DefaultValue>,
    /// Its collation.
    pub collation: Option<String>,
    /// It is computed.
    pub generated: Option<Generated>,
    /// Constraints that stand in its definition.
    pub rules: Vec<Rule>,
}

/// A default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultValue {
    /// As written, with its parentheses.
    pub text: String,
    /// It is a literal, so that rows that are there can get it without being written again.
    pub literal: bool,
    /// It is NULL.
    pub null: bool,
}

/// How a computed column is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generated {
    /// Computed when read.
    Virtual,
    /// Computed when written.
    Stored,
}

/// A constraint behind the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// As written.
    pub text: String,
    /// The form in which constraints are compared.
    pub form: String,
    /// What it says.
    pub rule: Rule,
}

/// What a constraint says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// `PRIMARY KEY`.
    PrimaryKey {
        /// Its columns.
        columns: Vec<String>,
        /// `AUTOINCREMENT`.
        autoincrement: bool,
        /// `DESC` behind a column's own key: such an INTEGER is not the rowid.
        descending: bool,
    },
    /// `UNIQUE`.
    Unique {
        /// Its columns.
        columns: Vec<String>,
    },
    /// `CHECK`.
    Check {
        /// The expression as written, without the outer parentheses and comments.
        expression: String,
    },
    /// A foreign key.
    References {
        /// Its columns.
        columns: Vec<String>,
        /// The table referred to.
        table: String,
        /// The columns there; empty: the primary key.
        referenced: Vec<String>,
    },
}

impl DefaultValue {
    /// The default as an expression, where a lone name would be a column.
    pub(super) fn expression(&self) -> String {
        let loose = tokens(&self.text);
        match loose.as_slice() {
            [one] if one.kind == TokenKind::QuotedIdent => text(&unquoted(one.text, one.kind)),
            [one] if one.kind == TokenKind::Word && !is_keyword(one.text) => text(one.text),
            _ => self.text.clone(),
        }
    }
}

impl Table {
    /// A column by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| same(&column.name, name))
    }

    /// What all its constraints say, those of the columns first.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        let own = self.columns.iter().flat_map(|column| &column.rules);
        own.chain(self.constraints.iter().map(|constraint| &constraint.rule))
    }

    /// The columns of its primary key.
    #[must_use]
    pub fn primary_key(&self) -> &[String] {
        let key = self.rules().find_map(|rule| match rule {
            Rule::PrimaryKey { columns, .. } => Some(columns.as_slice()),
            _ => None,
        });
        key.unwrap_or_default()
    }

    /// The column that is the rowid under a name: `INTEGER PRIMARY KEY`.
    #[must_use]
    pub fn rowid_alias(&self) -> Option<&Column> {
        let [only] = self.primary_key() else { return None };
        let column = self.column(only)?;
        let descending = column
            .rules
            .iter()
            .any(|rule| matches!(rule, Rule::PrimaryKey { descending: true, .. }));
        let integer = same(&column.type_name, "integer");
        (integer && !descending && !self.without_rowid).then_some(column)
    }

    /// It counts its rowids up for good.
    #[must_use]
    pub fn autoincrement(&self) -> bool {
        self.rules().any(|rule| matches!(rule, Rule::PrimaryKey { autoincrement: true, .. }))
    }

    /// A constraint leaves rows out, or replaces some, instead of failing.
    pub(super) fn skips_rows(&self) -> bool {
        let forms = self.columns.iter().map(|column| &column.form);
        let mut forms = forms.chain(self.constraints.iter().map(|constraint| &constraint.form));
        forms.any(|form| form.contains("on conflict"))
    }

    /// A column is never null: by its own words, or by the table's key.
    #[must_use]
    pub fn is_required(&self, column: &Column) -> bool {
        let in_key = || self.primary_key().iter().any(|name| same(name, &column.name));
        column.not_null
            || ((self.without_rowid || self.strict) && in_key())
            || self.rowid_alias().is_some_and(|alias| same(&alias.name, &column.name))
    }
}
