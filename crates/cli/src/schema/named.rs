//! Renames by name, held against the two catalogs.

use xtask_db_engine::Error;
use xtask_db_schema::{Catalog, Relation, RelationKind, Rename, RenameKind};
use xtask_db_sql::{SqlError, Syntax};

use super::Declared;
use super::rename::{full, word};
use crate::fault::Fault;

/// No object has this name.
const UNUSED: &str = "_xtask_db_unused_name";
/// Kinds of an object of its own.
const OWN: [RenameKind; 4] =
    [RenameKind::Table, RenameKind::View, RenameKind::Type, RenameKind::Sequence];
/// Kinds of a part of another object.
const PARTS: [RenameKind; 4] =
    [RenameKind::Column, RenameKind::EnumValue, RenameKind::Constraint, RenameKind::Index];

/// `--rename`, read: `[schema.][table.]old=new`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flag {
    pub(super) text: String,
    old: Vec<String>,
    new: String,
}

impl Flag {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (mut parts, mut current, mut quoted) = (Vec::new(), String::new(), false);
        let mut equals = 0;
        for c in text.chars() {
            match c {
                '"' => quoted = !quoted,
                '.' if !quoted => parts.push(std::mem::take(&mut current)),
                '=' if !quoted => {
                    equals += 1;
                    parts.push(std::mem::take(&mut current));
                    if equals == 1 {
                        parts.push(String::from("="));
                    }
                }
                c => current.push(c),
            }
        }
        parts.push(current);
        let at = parts.iter().position(|part| part == "=")?;
        let (old, new) = (parts[..at].to_vec(), &parts[at + 1..]);
        let whole = !quoted && equals == 1 && parts.iter().all(|part| !part.is_empty());
        // The new name may be written in full; what has it stays what it is.
        let new = new.last().filter(|_| whole && old.len() <= 3 && new.len() <= old.len())?.clone();
        Some(Self { text: text.to_owned(), old, new })
    }

    pub(super) const fn depth(&self) -> usize {
        self.old.len()
    }

    /// The rename that is meant. `told` are those before it.
    pub(super) fn resolve(
        &self,
        from: &Catalog,
        to: &Catalog,
        told: &[Rename],
    ) -> Result<Rename, String> {
        let mut known = false;
        for mut rename in self.readings() {
            old_parent(&mut rename, told);
            if !exists(from, &rename, &rename.from) {
                continue;
            }
            known = true;
            let mut there = rename.clone();
            new_parent(&mut there, told);
            if exists(to, &there, &rename.to) {
                return Ok(rename);
            }
        }
        Err(match known {
            true => format!("the new schema has no {}", self.new),
            false => format!("the old schema has no {}", self.old.join(".")),
        })
    }

    /// What the words may mean, the likeliest first.
    fn readings(&self) -> Vec<Rename> {
        let of = |kinds: [RenameKind; 4], schema: Option<&String>, parent: Option<&String>| {
            kinds.map(|kind| Rename {
                kind,
                schema: schema.cloned(),
                parent: parent.cloned(),
                from: self.old.last().cloned().unwrap_or_default(),
                to: self.new.clone(),
            })
        };
        match self.old.as_slice() {
            [parent, _] => [of(PARTS, None, Some(parent)), of(OWN, Some(parent), None)].concat(),
            [schema, parent, _] => of(PARTS, Some(schema), Some(parent)).to_vec(),
            _ => of(OWN, None, None).to_vec(),
        }
    }
}

/// The renames that a schema's text names and that are still to be done.
pub(super) fn in_text(
    declared: &Declared,
    syntax: Syntax,
    from: &Catalog,
    to: &Catalog,
) -> Result<Vec<Rename>, Fault> {
    let mut named = declared.renamed_from(syntax)?;
    named.sort_by_key(|(_, one)| one.rename.parent.is_some());
    let mut told: Vec<Rename> = Vec::new();
    for (file, one) in named {
        let mut rename = one.rename;
        if !exists(to, &rename, &rename.to) {
            // Written with the schema that is the session's own.
            rename.schema = None;
        }
        old_parent(&mut rename, &told);
        if exists(from, &rename, &rename.to) {
            continue; // done in an earlier migration
        }
        if !exists(from, &rename, &rename.from) {
            let kind = word(rename.kind);
            let problem = format!(
                "there is no {kind} {} to rename, and {} is new",
                full(&rename, &rename.from),
                rename.to
            );
            return Err(Error::Split {
                id: None,
                path: file.path.to_string(),
                text: file.text.to_string(),
                error: SqlError::Directive { problem, at: one.at },
            }
            .into());
        }
        told.push(rename);
    }
    Ok(told)
}

/// A part that was told under the new name of what has it.
fn old_parent(rename: &mut Rename, told: &[Rename]) {
    let renamed = told.iter().find(|other| {
        OWN.contains(&other.kind)
            && other.schema == rename.schema
            && rename.parent.as_ref() == Some(&other.to)
    });
    if let Some(renamed) = renamed {
        rename.parent = Some(renamed.from.clone());
    }
}

fn new_parent(rename: &mut Rename, told: &[Rename]) {
    let renamed = told.iter().find(|other| {
        OWN.contains(&other.kind)
            && other.schema == rename.schema
            && rename.parent.as_ref() == Some(&other.from)
    });
    if let Some(renamed) = renamed {
        rename.parent = Some(renamed.to.clone());
    }
}

/// Whether a catalog has an object of this kind and place by a name.
fn exists(catalog: &Catalog, place: &Rename, name: &str) -> bool {
    let relations = catalog.relations();
    let find = |table: &str| {
        relations.iter().find(|one: &&Relation| one.schema == place.schema && one.name == table)
    };
    let is = |kind| find(name).is_some_and(|relation| relation.kind == kind);
    match (place.kind, &place.parent) {
        (RenameKind::Table, _) => is(RelationKind::Table),
        (RenameKind::View, _) => is(RelationKind::View),
        (RenameKind::Column, Some(table)) => find(table)
            .is_some_and(|relation| relation.columns.iter().any(|field| field.name == name)),
        _ => {
            let (from, to) = (name.to_owned(), UNUSED.to_owned());
            catalog.rename(&[Rename { from, to, ..place.clone() }]).is_ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = Flag::parse(text).map(|flag| (flag.old.join("|"), flag.new));
            let found = found.as_ref().map(|(old, new)| (old.as_str(), new.as_str()));
            assert_eq!(found, expected, "{text}");
        };
        check("users=people", Some(("users", "people")));
        check("users.mail=email", Some(("users|mail", "email")));
        check("users.mail=users.email", Some(("users|mail", "email")));
        check("app.users.mail=email", Some(("app|users|mail", "email")));
        check("\"a.b\".\"c=d\"=e", Some(("a.b|c=d", "e")));
        check("users", None);
        check("users=", None);
        check("=people", None);
        check("a=b=c", None);
        check("a.b.c.d=e", None);
        check("\"a=b", None);
        check("a=b.c", None);
    }
}
