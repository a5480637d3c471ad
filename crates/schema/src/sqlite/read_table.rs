//! Reads `CREATE TABLE` as SQLite keeps it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::form::{Names, Role, form, has_loose};
use super::name::fold;
use super::table::{Constraint, Rule, Table};
use super::tokens::Cursor;

/// Words that begin a constraint behind the columns; none of them is a name.
const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// Reads a statement with a role for each of its tokens.
pub(super) struct Reader<'a> {
    pub(super) cursor: Cursor<'a>,
    pub(super) roles: Vec<Role>,
}

/// A constraint and its tokens.
struct Found {
    tokens: Range<usize>,
    rule: Rule,
}

/// The table that a statement makes; none when it is not understood.
pub(super) fn read_table(sql: &str) -> Option<Table> {
    let cursor = Cursor::new(sql);
    let roles = vec![Role::Expression; cursor.tokens().len()];
    let mut reader = Reader { cursor, roles };
    let name = reader.head()?;
    let (mut definitions, mut constraints) = (Vec::new(), Vec::new());
    loop {
        if CONSTRAINTS.iter().any(|word| reader.cursor.sees(word)) {
            constraints.push(reader.constraint()?);
        } else if constraints.is_empty() {
            definitions.push(reader.definition()?);
        } else {
            return None;
        }
        // Between constraints the comma may be missing.
        let comma = reader.cursor.eat_symbol(",");
        if !comma && reader.cursor.eat_symbol(")") {
            break;
        }
        if !comma && constraints.is_empty() {
            return None;
        }
    }
    let (strict, without_rowid) = reader.options()?;
    let columns: BTreeSet<String> =
        definitions.iter().map(|definition| fold(&definition.name)).collect();
    let names = Names { table: name.clone(), columns };
    let loose_strings = has_loose(reader.cursor.tokens(), &reader.roles, &names);
    let columns = definitions.into_iter().map(|it| it.column(&reader, &names)).collect();
    let constraints = constraints.into_iter().map(|it| it.constraint(&reader, &names)).collect();
    let sql = sql.to_owned();
    Some(Table { name, sql, columns, constraints, strict, without_rowid, loose_strings })
}

impl Found {
    fn constraint(self, reader: &Reader<'_>, names: &Names) -> Constraint {
        Constraint {
            text: reader.cursor.text(self.tokens.clone()).to_owned(),
            form: reader.form(self.tokens, names),
            rule: self.rule,
        }
    }
}

impl Reader<'_> {
    /// The form of some tokens.
    pub(super) fn form(&self, tokens: Range<usize>, names: &Names) -> String {
        form(&self.cursor.tokens()[tokens.clone()], &self.roles[tokens], names)
    }

    /// Gives tokens a role.
    pub(super) fn mark(&mut self, tokens: Range<usize>, role: Role) {
        self.roles[tokens].fill(role);
    }

    /// A name, marked as one.
    pub(super) fn name(&mut self) -> Option<String> {
        let at = self.cursor.at();
        let name = self.cursor.name()?;
        self.mark(at..at + 1, Role::Name);
        Some(name)
    }

    fn head(&mut self) -> Option<String> {
        let cursor = &mut self.cursor;
        let create = cursor.eat(&["CREATE"])
            && (cursor.eat(&["TEMP"]) || cursor.eat(&["TEMPORARY"]) || true)
            && cursor.eat(&["TABLE"]);
        if !create {
            return None;
        }
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        let mut name = self.name()?;
        if self.cursor.eat_symbol(".") {
            name = self.name()?;
        }
        self.cursor.eat_symbol("(").then_some(name)
    }

    fn options(&mut self) -> Option<(bool, bool)> {
        let (mut strict, mut without_rowid) = (false, false);
        while self.cursor.peek().is_some() {
            if self.cursor.eat(&["STRICT"]) {
                strict = true;
            } else if self.cursor.eat(&["WITHOUT", "ROWID"]) {
                without_rowid = true;
            } else if !self.cursor.eat_symbol(",") {
                return None;
            }
        }
        Some((strict, without_rowid))
    }

    fn constraint(&mut self) -> Option<Found> {
        let start = self.cursor.at();
        while self.cursor.eat(&["CONSTRAINT"]) {
            self.name()?;
        }
        let rule = if self.cursor.eat(&["PRIMARY", "KEY"]) {
            let (columns, autoincrement) = self.key_columns()?;
            Rule::PrimaryKey { columns, autoincrement, descending: false }
        } else if self.cursor.eat(&["UNIQUE"]) {
            Rule::Unique { columns: self.key_columns()?.0 }
        } else if self.cursor.eat(&["CHECK"]) {
            Rule::Check { expression: self.parenthesised()? }
        } else if self.cursor.eat(&["FOREIGN", "KEY"]) {
            let columns = self.names()?;
            self.references(columns)?
        } else {
            return None;
        };
        self.conflict()?;
        Some(Found { tokens: start..self.cursor.at(), rule })
    }

    /// `(a COLLATE x DESC, b AUTOINCREMENT)`.
    fn key_columns(&mut self) -> Option<(Vec<String>, bool)> {
        let (mut columns, mut autoincrement) = (Vec::new(), false);
        if !self.cursor.eat_symbol("(") {
            return None;
        }
        loop {
            columns.push(self.name()?);
            if self.cursor.eat(&["COLLATE"]) {
                self.name()?;
            }
            let _ = self.cursor.eat(&["ASC"]) || self.cursor.eat(&["DESC"]);
            autoincrement |= self.cursor.eat(&["AUTOINCREMENT"]);
            if self.cursor.eat_symbol(")") {
                return Some((columns, autoincrement));
            }
            if !self.cursor.eat_symbol(",") {
                return None;
            }
        }
    }

    /// `(a, b)`.
    fn names(&mut self) -> Option<Vec<String>> {
        self.key_columns().map(|(columns, _)| columns)
    }

    /// The text between two parentheses, without comments.
    pub(super) fn parenthesised(&mut self) -> Option<String> {
        let group = self.cursor.group()?;
        Some(self.cursor.said(group.start + 1..group.end - 1))
    }

    /// `ON CONFLICT x`, perhaps; none when something else follows `ON`.
    pub(super) fn conflict(&mut self) -> Option<()> {
        if self.cursor.eat(&["ON", "CONFLICT"]) {
            self.cursor.next()?;
        }
        Some(())
    }

    /// What comes after the columns of a foreign key.
    pub(super) fn references(&mut self, columns: Vec<String>) -> Option<Rule> {
        if !self.cursor.eat(&["REFERENCES"]) {
            return None;
        }
        let table = self.name()?;
        let referenced = if self.cursor.sees_symbol("(") { self.names()? } else { Vec::new() };
        loop {
            let done = if self.cursor.eat(&["ON"]) {
                self.action()?
            } else if self.cursor.eat(&["MATCH"]) {
                self.name().is_some()
            } else if self.cursor.eat(&["DEFERRABLE"]) || self.cursor.eat(&["NOT", "DEFERRABLE"]) {
                if self.cursor.eat(&["INITIALLY"]) {
                    self.cursor.next()?;
                }
                true
            } else {
                return Some(Rule::References { columns, table, referenced });
            };
            if !done {
                return None;
            }
        }
    }

    /// `DELETE SET NULL`, after `ON`.
    fn action(&mut self) -> Option<bool> {
        self.cursor.next()?;
        let two = self.cursor.eat(&["SET"]) || self.cursor.eat(&["NO"]);
        self.cursor.next()?;
        let _ = two;
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &str) {
        let table = read_table(sql).unwrap_or_else(|| panic!("not read: {sql}"));
        let mut shown = String::new();
        for column in &table.columns {
            shown.push_str(&format!("{}: {}; ", column.name, column.form));
        }
        for constraint in &table.constraints {
            shown.push_str(&format!("{}; ", constraint.form));
        }
        if table.strict {
            shown.push_str("strict ");
        }
        if table.without_rowid {
            shown.push_str("without rowid");
        }
        assert_eq!(shown.trim_end(), expected, "{sql}");
    }

    #[test]
    fn columns_and_constraints() {
        check("CREATE TABLE t(a)", "a: ;");
        check(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, -- the id\n \"Name\" VARCHAR ( 20 ) NOT NULL)",
            "id: integer primary key; Name: varchar ( 20 ) not null;",
        );
        check(
            "CREATE TABLE \"t\" ([a b] int, 'c' text, `d` DOUBLE PRECISION, PRIMARY KEY (\"A b\" \
             COLLATE nocase DESC, d) UNIQUE (c) ON CONFLICT IGNORE CHECK (c > \"x\")) STRICT, WITHOUT ROWID",
            "a b: int; c: text; d: double precision; primary key ( \"a b\" collate nocase desc , d ); \
             unique ( c ) on conflict ignore; check ( c > 'x' ); strict without rowid",
        );
        check(
            "CREATE TABLE t (a int DEFAULT Foo, b DEFAULT -1 NOT NULL ON CONFLICT REPLACE, \
             c DEFAULT (\"a\" || 'x'), d AS (a + 1) STORED, e int GENERATED ALWAYS AS (t.a) UNIQUE)",
            "a: int default 'Foo'; b: default - 1 not null on conflict replace; \
             c: default ( 'a' || 'x' ); d: as ( a + 1 ) stored; \
             e: int generated always as ( a ) unique;",
        );
        check(
            "CREATE TABLE t (a REFERENCES \"P\" ([x]) ON DELETE SET NULL ON UPDATE NO ACTION \
             NOT DEFERRABLE NOT NULL, CONSTRAINT \"FK\" FOREIGN KEY (a) REFERENCES p MATCH simple \
             DEFERRABLE INITIALLY DEFERRED)",
            "a: references p ( x ) on delete set null on update no action not deferrable not null; \
             constraint fk foreign key ( a ) references p match simple deferrable initially deferred;",
        );
    }

    #[test]
    fn what_is_not_understood_is_not_read() {
        for sql in [
            "",
            "CREATE TABLE t",
            "CREATE TABLE t (a",
            "CREATE TABLE t (a) ODD",
            "CREATE VIEW v AS SELECT 1",
        ] {
            assert!(read_table(sql).is_none(), "{sql}");
        }
    }
}
