//! Owners and what is granted on objects: neither compared nor changed, but said, and given again
//! to what is dropped and made again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::change::Site;
use super::name::{quote, quote_all};
use super::{Catalog, Object, kind};
use crate::Step;

/// How an object's owner and privileges differ from those of an object that the session makes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privileges {
    /// The owner, when it is not the session's role.
    pub owner: Option<String>,
    /// What others than the owner have and would not have on a new object.
    pub given: BTreeSet<Grant>,
    /// What others than the owner would have on a new object and do not have.
    pub taken: BTreeSet<Grant>,
}

/// A privilege of a role on an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Who has it; none: everybody.
    pub role: Option<String>,
    /// On this column only.
    pub column: Option<String>,
    /// It may be passed on.
    pub grantable: bool,
    /// `SELECT`.
    pub privilege: String,
}

/// A privilege that the objects which a role makes from now on are born with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DefaultPrivilege {
    /// Who makes them; none: the session's role.
    pub maker: Option<String>,
    /// In which schema; none: in any.
    pub schema: Option<String>,
    /// `TABLES`, `SEQUENCES`, `FUNCTIONS`, `TYPES`, `SCHEMAS`.
    pub kind: String,
    /// What is granted.
    pub grant: Grant,
    /// It is what they would have without this, and have not.
    pub taken: bool,
}

/// The statements that give what is made again what it had.
pub(super) fn restore(site: &Site<'_>, object: &Object) -> Vec<Step> {
    let had = site.from.privileges.get(object).cloned().unwrap_or_default();
    let Some(on) = on(site.to, object) else { return Vec::new() };
    let owner =
        had.owner.iter().map(|owner| format!("ALTER {} OWNER TO {}", on.alter, quote(owner)));
    let taken = statements(
        "REVOKE",
        &on.grant,
        had.taken.iter().filter(|grant| is_there(site.to, object, grant)),
    );
    let given = statements(
        "GRANT",
        &on.grant,
        had.given.iter().filter(|grant| is_there(site.to, object, grant)),
    );
    owner.chain(taken).chain(given).map(Step::new).collect()
}

/// The statements that would give objects their owners and privileges in the target. No plan has
/// them; objects that the target lacks count for nothing.
pub fn reported(from: &Catalog, to: &Catalog) -> Vec<String> {
    let nothing = Privileges::default();
    let there: BTreeSet<Object> = kind::objects(to).into_iter().collect();
    let objects: BTreeSet<&Object> = from.privileges.keys().chain(to.privileges.keys()).collect();
    let mut found = Vec::new();
    for object in objects {
        // The session's own schema is in no catalog, and always there.
        let own = matches!(object, Object::Namespace(name) if !from.namespaces.contains_key(name));
        if !own && !there.contains(object) {
            continue;
        }
        let Some(on) = on(to, object) else { continue };
        let old = from.privileges.get(object).unwrap_or(&nothing);
        let new = to.privileges.get(object).unwrap_or(&nothing);
        if old.owner != new.owner {
            let owner = new.owner.as_deref().map_or_else(|| "CURRENT_USER".to_owned(), quote);
            found.push(format!("ALTER {} OWNER TO {owner}", on.alter));
        }
        let less = (&old.given - &new.given).into_iter().chain(&new.taken - &old.taken);
        let more = (&new.given - &old.given).into_iter().chain(&old.taken - &new.taken);
        let less: Vec<Grant> = less.filter(|grant| is_there(to, object, grant)).collect();
        let more: Vec<Grant> = more.collect();
        found.extend(statements("REVOKE", &on.grant, &less));
        found.extend(statements("GRANT", &on.grant, &more));
    }
    let gone = from.default_privileges.difference(&to.default_privileges);
    let new = to.default_privileges.difference(&from.default_privileges);
    found.extend(gone.map(|gone| gone.statement(gone.taken)));
    found.extend(new.map(|new| new.statement(!new.taken)));
    found
}

impl DefaultPrivilege {
    fn statement(&self, give: bool) -> String {
        let maker = self.maker.as_deref().map(|maker| format!("FOR ROLE {} ", quote(maker)));
        let schema = self.schema.as_deref().map(|schema| format!("IN SCHEMA {} ", quote(schema)));
        let verb = if give { "GRANT" } else { "REVOKE" };
        format!(
            "ALTER DEFAULT PRIVILEGES {}{}{}",
            maker.unwrap_or_default(),
            schema.unwrap_or_default(),
            statements(verb, &self.kind, [&self.grant]).concat()
        )
    }
}

/// The column of a privilege can be gone.
fn is_there(catalog: &Catalog, object: &Object, grant: &Grant) -> bool {
    match (&grant.column, object) {
        (Some(column), Object::View(name)) => {
            catalog.views.get(name).is_some_and(|view| view.column(column).is_some())
        }
        (Some(column), Object::Table(name)) => {
            catalog.tables.get(name).is_some_and(|table| table.column(column).is_some())
        }
        _ => true,
    }
}

/// What stands after ALTER, and after ON in GRANT.
struct On {
    alter: String,
    grant: String,
}

fn on(catalog: &Catalog, object: &Object) -> Option<On> {
    let same = |on: String| On { alter: on.clone(), grant: on };
    Some(match object {
        Object::Namespace(name) => same(format!("SCHEMA {}", quote(name))),
        Object::Type(name) if catalog.domains.contains_key(name) => {
            On { alter: format!("DOMAIN {name}"), grant: format!("TYPE {name}") }
        }
        Object::Type(name) => same(format!("TYPE {name}")),
        Object::Sequence(name) => same(format!("SEQUENCE {name}")),
        // Its own sequence; what is granted on a column is its table's.
        Object::Column(member) => {
            let identity = catalog.column(member)?.identity.as_ref()?;
            same(format!("SEQUENCE {}", identity.sequence))
        }
        Object::Table(name) => same(format!("TABLE {name}")),
        Object::View(name) => {
            let alter = catalog.views.get(name)?.on(name);
            On { alter, grant: format!("TABLE {name}") }
        }
        Object::Routine(signature) => same(catalog.routines.get(signature)?.on(signature)),
        _ => return None,
    })
}

/// One statement for each role, and for each way of having a privilege.
fn statements<'a>(
    verb: &str,
    on: &str,
    grants: impl IntoIterator<Item = &'a Grant>,
) -> Vec<String> {
    let mut together: BTreeMap<_, BTreeMap<&String, Vec<&String>>> = BTreeMap::new();
    for grant in grants {
        let way = (&grant.role, grant.grantable, grant.column.is_some());
        let privileges = together.entry(way).or_default();
        privileges.entry(&grant.privilege).or_default().extend(&grant.column);
    }
    let direction = if verb == "GRANT" { "TO" } else { "FROM" };
    let mut all = Vec::new();
    for ((role, grantable, by_column), privileges) in together {
        let privilege = |(name, columns): (&String, Vec<&String>)| match by_column {
            true => format!("{name} ({})", quote_all(columns)),
            false => name.clone(),
        };
        let list: Vec<String> = privileges.into_iter().map(privilege).collect();
        let role = role.as_deref().map_or_else(|| "PUBLIC".to_owned(), quote);
        let option = if grantable && verb == "GRANT" { " WITH GRANT OPTION" } else { "" };
        all.push(format!("{verb} {} ON {on} {direction} {role}{option}", list.join(", ")));
    }
    all
}
