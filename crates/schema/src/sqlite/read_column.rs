//! Reads a column's definition.

use std::ops::Range;

use xtask_db_sql::TokenKind;

use super::form::{Names, Role};
use super::name::{is_value, unquoted};
use super::read_table::Reader;
use super::table::{Column, DefaultValue, Generated, Rule};

/// Words that end a type and begin a constraint; `GENERATED` only before `ALWAYS`.
const CONSTRAINTS: [&str; 10] = [
    "AS",
    "CHECK",
    "COLLATE",
    "CONSTRAINT",
    "DEFAULT",
    "NOT",
    "NULL",
    "PRIMARY",
    "REFERENCES",
    "UNIQUE",
];

/// A column's definition and its tokens.
pub(super) struct Definition {
    pub(super) name: String,
    tokens: Range<usize>,
    type_tokens: Range<usize>,
    not_null: bool,
    default: Option<DefaultValue>,
    collation: Option<String>,
    generated: Option<Generated>,
    rules: Vec<Rule>,
}

impl Definition {
    pub(super) fn column(self, reader: &Reader<'_>, names: &Names) -> Column {
        let tokens = &reader.cursor.tokens()[self.type_tokens.clone()];
        let words: Vec<String> =
            tokens.iter().map(|token| unquoted(token.text, token.kind)).collect();
        let type_name = words.join(" ");
        Column {
            text: reader.cursor.text(self.tokens.clone()).to_owned(),
            form: reader.form(self.tokens.start + 1..self.tokens.end, names),
            type_name: type_name.replace(" ( ", "(").replace(" )", ")").replace(" ,", ","),
            name: self.name,
            not_null: self.not_null,
            default: self.default,
            collation: self.collation,
            generated: self.generated,
            rules: self.rules,
        }
    }
}

impl Reader<'_> {
    /// A column, up to the comma or parenthesis after it.
    pub(super) fn definition(&mut self) -> Option<Definition> {
        let start = self.cursor.at();
        let name = self.name()?;
        let type_tokens = self.type_tokens()?;
        let mut definition = Definition {
            name,
            tokens: start..start,
            type_tokens,
            not_null: false,
            default: None,
            collation: None,
            generated: None,
            rules: Vec::new(),
        };
        while !self.cursor.sees_symbol(",") && !self.cursor.sees_symbol(")") {
            self.column_constraint(&mut definition)?;
        }
        definition.tokens = start..self.cursor.at();
        Some(definition)
    }

    fn type_tokens(&mut self) -> Option<Range<usize>> {
        let start = self.cursor.at();
        while let Some(token) = self.cursor.peek() {
            let generated = token.is_word("GENERATED") && {
                let mut ahead = self.cursor.clone();
                ahead.eat(&["GENERATED", "ALWAYS"])
            };
            let ends = CONSTRAINTS.iter().any(|word| token.is_word(word));
            if generated || ends || token.is_symbol(",") || token.is_symbol(")") {
                break;
            }
            if token.is_symbol("(") {
                self.cursor.group()?;
                break;
            }
            self.cursor.name()?;
        }
        self.mark(start..self.cursor.at(), Role::Type);
        Some(start..self.cursor.at())
    }

    fn column_constraint(&mut self, column: &mut Definition) -> Option<()> {
        let own = || vec![column.name.clone()];
        if self.cursor.eat(&["CONSTRAINT"]) {
            self.name()?;
        } else if self.cursor.eat(&["DEFAULT"]) {
            column.default = Some(self.default()?);
        } else if self.cursor.eat(&["NOT", "NULL"]) {
            column.not_null = true;
            self.conflict()?;
        } else if self.cursor.eat(&["NULL"]) {
            self.conflict()?;
        } else if self.cursor.eat(&["PRIMARY", "KEY"]) {
            let descending = !self.cursor.eat(&["ASC"]) && self.cursor.eat(&["DESC"]);
            self.conflict()?;
            let autoincrement = self.cursor.eat(&["AUTOINCREMENT"]);
            let columns = own();
            column.rules.push(Rule::PrimaryKey { columns, autoincrement, descending });
        } else if self.cursor.eat(&["UNIQUE"]) {
            self.conflict()?;
            let columns = own();
            column.rules.push(Rule::Unique { columns });
        } else if self.cursor.eat(&["CHECK"]) {
            let expression = self.parenthesised()?;
            self.conflict()?;
            column.rules.push(Rule::Check { expression });
        } else if self.cursor.sees("REFERENCES") {
            let columns = own();
            let rule = self.references(columns)?;
            column.rules.push(rule);
        } else if self.cursor.eat(&["DEFERRABLE"]) || self.cursor.eat(&["NOT", "DEFERRABLE"]) {
            if self.cursor.eat(&["INITIALLY"]) {
                self.cursor.next()?;
            }
        } else if self.cursor.eat(&["COLLATE"]) {
            column.collation = Some(self.name()?);
        } else {
            column.generated = Some(self.generated()?);
        }
        Some(())
    }

    fn generated(&mut self) -> Option<Generated> {
        self.cursor.eat(&["GENERATED", "ALWAYS"]);
        if !self.cursor.eat(&["AS"]) {
            return None;
        }
        self.cursor.group()?;
        let stored = self.cursor.eat(&["STORED"]);
        if !stored {
            self.cursor.eat(&["VIRTUAL"]);
        }
        Some(if stored { Generated::Stored } else { Generated::Virtual })
    }

    fn default(&mut self) -> Option<DefaultValue> {
        let start = self.cursor.at();
        if self.cursor.sees_symbol("(") {
            let group = self.cursor.group()?;
            self.mark(group.clone(), Role::Constant);
            let inner = group.start + 1..group.end - 1;
            return Some(self.default_of(group, inner));
        }
        let _ = self.cursor.eat_symbol("-") || self.cursor.eat_symbol("+");
        self.cursor.next()?;
        let all = start..self.cursor.at();
        self.mark(all.clone(), Role::Literal);
        Some(self.default_of(all.clone(), all))
    }

    fn default_of(&self, all: Range<usize>, inner: Range<usize>) -> DefaultValue {
        let tokens = &self.cursor.tokens()[inner];
        let unsigned = match tokens {
            [sign, rest @ ..] if sign.is_symbol("-") || sign.is_symbol("+") => rest,
            all => all,
        };
        let literal = match unsigned {
            [one] if one.kind == TokenKind::Word => {
                !is_value(one.text) || !one.text.to_ascii_uppercase().starts_with("CURRENT_")
            }
            [one] => one.kind != TokenKind::Symbol,
            _ => false,
        };
        let null = matches!(tokens, [one] if one.is_word("NULL"));
        DefaultValue { text: self.cursor.text(all).to_owned(), literal, null }
    }
}
