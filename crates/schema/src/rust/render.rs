//! The text of the file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use xtask_db_sql::Dialect;

use super::name::{Taken, camel, field};
use super::{Options, Unknown, mysql, text_enum, types};
use crate::{Catalog, EnumType, Field, Relation, RelationKind};

/// How every such file starts.
pub const HEAD: &str = "//! The tables and enum types of the database, written by `cargo xtask db \
     generate`.\n//! Do not edit: the next run overwrites it.\n";

/// The Rust source of a catalog's tables, views and enum types.
///
/// # Errors
/// Columns without a sure Rust type, all of them.
pub fn render(catalog: &Catalog, options: &Options) -> Result<String, Vec<Unknown>> {
    let relations = catalog.relations();
    let mut file = File { dialect: catalog.dialect(), options, ..File::new(options) };
    for relation in &relations {
        let name = file.name(relation.schema.as_deref(), &relation.name, "Table");
        file.structs.push(name);
    }
    for found in catalog.enums() {
        let name = file.name(found.schema.as_deref(), &found.name, "Enum");
        file.enums.insert(qualified(found.schema.as_deref(), &found.name), name.clone());
        file.enumeration(&name, &found);
    }
    for (at, relation) in relations.iter().enumerate() {
        let name = file.structs[at].clone();
        file.structure(&name, relation);
    }
    if file.unknown.is_empty() { Ok(format!("{HEAD}{}", file.text)) } else { Err(file.unknown) }
}

/// What is written so far.
struct File<'a> {
    dialect: Dialect,
    options: &'a Options,
    taken: Taken,
    structs: Vec<String>,
    enums: BTreeMap<String, String>,
    /// MySQL: the enums of columns, by the column's name and type.
    inline: BTreeMap<(String, String), String>,
    text: String,
    unknown: Vec<Unknown>,
}

impl<'a> File<'a> {
    fn new(options: &'a Options) -> Self {
        Self {
            dialect: Dialect::Sqlite,
            options,
            taken: Taken::default(),
            structs: Vec::new(),
            enums: BTreeMap::new(),
            inline: BTreeMap::new(),
            text: String::new(),
            unknown: Vec::new(),
        }
    }

    fn name(&mut self, schema: Option<&str>, name: &str, if_empty: &str) -> String {
        let told = self.options.names.get(&qualified(schema, name));
        let name = told.cloned().unwrap_or_else(|| camel(name, if_empty));
        self.taken.take(name, "")
    }

    fn enumeration(&mut self, name: &str, found: &EnumType) {
        self.text.push('\n');
        let said = format!("Values of `{}`.", shown(&found.name));
        self.doc("", Some(found.comment.as_deref().unwrap_or(&said)));
        let plain = ["Debug", "Clone", "Copy", "PartialEq", "Eq", "Hash", "sqlx::Type"];
        let as_text = self.dialect == Dialect::Mysql;
        self.derive(if as_text { &plain[..plain.len() - 1] } else { &plain });
        if self.dialect == Dialect::Postgres {
            let type_name = qualified(found.schema.as_deref(), &found.name);
            let _ = writeln!(self.text, "#[sqlx(type_name = {type_name:?})]");
        }
        let _ = writeln!(self.text, "pub enum {name} {{");
        let mut taken = Taken::default();
        let mut variants = Vec::new();
        for value in &found.values {
            let variant = taken.take(camel(value, "Value"), "");
            variants.push((variant.clone(), value.clone()));
            let _ = writeln!(self.text, "    /// `{}`", shown(value));
            if variant != *value {
                if !as_text {
                    let _ = writeln!(self.text, "    #[sqlx(rename = {value:?})]");
                }
                let rename = format!("serde(rename = {value:?})");
                let _ = writeln!(self.text, "    #[cfg_attr(feature = \"serde\", {rename})]");
            }
            let _ = writeln!(self.text, "    {variant},");
        }
        self.text.push_str("}\n");
        if as_text {
            text_enum::implementations(&mut self.text, name, &variants);
        }
    }

    fn structure(&mut self, name: &str, relation: &Relation) {
        let mut columns = Vec::new();
        for column in &relation.columns {
            columns.push((column, self.column_type(name, relation, column)));
        }
        self.text.push('\n');
        let kind = match relation.kind {
            RelationKind::Table => "Table",
            RelationKind::View => "View",
        };
        let full = qualified(relation.schema.as_deref(), &relation.name);
        let said = format!("{kind} `{}`.", shown(&full));
        self.doc("", Some(&said));
        if let Some(comment) = &relation.comment {
            self.text.push_str("///\n");
            self.doc("", Some(comment));
        }
        self.derive(&["Debug", "Clone", "PartialEq", "sqlx::FromRow"]);
        let _ = writeln!(self.text, "pub struct {name} {{");
        let mut taken = Taken::default();
        for (column, rust) in columns {
            let (wanted, same) = field(&column.name);
            let given = taken.take(wanted.clone(), "_");
            let said = format!("Column `{}`.", shown(&column.name));
            self.doc("    ", Some(column.comment.as_deref().unwrap_or(&said)));
            if !same || given != wanted {
                let _ = writeln!(self.text, "    #[sqlx(rename = {:?})]", column.name);
            }
            let _ = writeln!(self.text, "    pub {given}: {rust},");
        }
        self.text.push_str("}\n");
    }

    fn column_type(&mut self, owner: &str, relation: &Relation, column: &Field) -> String {
        let full = format!("{}.{}", relation.name, column.name);
        let rust = match self.options.types.get(&full) {
            Some(told) => Some(told.clone()),
            None => self.inline_enum(owner, column).or_else(|| self.known(column)),
        };
        let rust = rust.unwrap_or_else(|| {
            let type_name = column.type_name.clone();
            self.unknown.push(Unknown { column: full, type_name });
            String::new()
        });
        if column.nullable { format!("Option<{rust}>") } else { rust }
    }

    fn known(&self, column: &Field) -> Option<String> {
        let named = |name: &str| self.enums.get(name).cloned();
        let of = |type_name: &str| types::of(self.dialect, type_name, self.options, &named);
        of(&column.type_name).or_else(|| of(column.base.as_deref()?))
    }

    /// MySQL: an enum has no name of its own; a view's is that of the table's column.
    fn inline_enum(&mut self, owner: &str, column: &Field) -> Option<String> {
        if self.dialect != Dialect::Mysql {
            return None;
        }
        let values = mysql::enum_values(&column.type_name)?;
        let key = (column.name.clone(), column.type_name.clone());
        if let Some(known) = self.inline.get(&key) {
            return Some(known.clone());
        }
        let name = self.taken.take(format!("{owner}{}", camel(&column.name, "Enum")), "");
        let comment = column.comment.clone();
        let found = EnumType { schema: None, name: column.name.clone(), values, comment };
        self.enumeration(&name, &found);
        self.inline.insert(key, name.clone());
        Some(name)
    }

    fn derive(&mut self, always: &[&str]) {
        let more = self.options.derive.iter().map(String::as_str);
        let all: Vec<&str> = always.iter().copied().chain(more).collect();
        let _ = writeln!(self.text, "#[derive({})]", all.join(", "));
        self.text.push_str(
            "#[cfg_attr(feature = \"serde\", derive(serde::Serialize, serde::Deserialize))]\n",
        );
    }

    fn doc(&mut self, indent: &str, comment: Option<&str>) {
        for line in comment.unwrap_or_default().lines() {
            let line = format!("{indent}/// {line}");
            let _ = writeln!(self.text, "{}", line.trim_end());
        }
    }
}

fn qualified(schema: Option<&str>, name: &str) -> String {
    schema.map_or_else(|| name.to_owned(), |schema| format!("{schema}.{name}"))
}

/// A name within backquotes of a comment, on one line.
fn shown(name: &str) -> String {
    name.replace('`', "'").split_whitespace().collect::<Vec<_>>().join(" ")
}
