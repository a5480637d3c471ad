//! Comments, of all kinds in one place: no other file writes them.

use super::change::Site;
use super::name::{quote, text};
use super::{Catalog, Member, Object};
use crate::Step;

/// What can have a comment, as COMMENT ON names it, and its comment.
type Told<'a> = (String, Option<&'a String>);

/// The comments of an object that the plan makes.
pub(super) fn create(site: &Site<'_>, object: &Object) -> Vec<Step> {
    let there = told(site.to, object).into_iter().filter(|(_, comment)| comment.is_some());
    there.map(|(what, comment)| step(&what, comment)).collect()
}

/// The comments of an object that stays.
pub(super) fn change(site: &Site<'_>, object: &Object) -> Vec<Step> {
    let before = told(site.from, object);
    let same = |(what, comment): &Told<'_>| {
        let old = before.iter().find(|(old, _)| old == what).and_then(|(_, comment)| *comment);
        old == *comment
    };
    let changed = told(site.to, object).into_iter().filter(|one| !same(one));
    changed.map(|(what, comment)| step(&what, comment)).collect()
}

fn step(what: &str, comment: Option<&String>) -> Step {
    let value = comment.map_or_else(|| "NULL".to_owned(), |comment| text(comment));
    Step::new(format!("COMMENT ON {what} IS {value}"))
}

/// Every comment that an object can have.
fn told<'a>(catalog: &'a Catalog, object: &Object) -> Vec<Told<'a>> {
    match object {
        Object::Namespace(name) => {
            let comment = catalog.namespaces.get(name).and_then(|it| it.comment.as_ref());
            vec![(format!("SCHEMA {}", quote(name)), comment)]
        }
        Object::Extension(name) => {
            let comment = catalog.extensions.get(name).and_then(|it| it.comment.as_ref());
            vec![(format!("EXTENSION {}", quote(name)), comment)]
        }
        Object::Type(name) => types(catalog, name),
        Object::DomainCheck(member) => {
            let domain = catalog.domains.get(&member.of);
            let check = domain.and_then(|domain| domain.checks.get(&member.name));
            let what = format!("CONSTRAINT {} ON DOMAIN {}", quote(&member.name), member.of);
            vec![(what, check.and_then(|check| check.comment.as_ref()))]
        }
        Object::Routine(signature) => {
            let comment = catalog.routines.get(signature).and_then(|it| it.comment.as_ref());
            vec![(format!("ROUTINE {signature}"), comment)]
        }
        Object::Sequence(name) => {
            let comment = catalog.sequences.get(name).and_then(|it| it.comment.as_ref());
            vec![(format!("SEQUENCE {name}"), comment)]
        }
        Object::Table(name) => {
            let comment = catalog.tables.get(name).and_then(|it| it.comment.as_ref());
            vec![(format!("TABLE {name}"), comment)]
        }
        Object::Column(member) => {
            let comment = catalog.column(member).and_then(|it| it.comment.as_ref());
            vec![(format!("COLUMN {}.{}", member.of, quote(&member.name)), comment)]
        }
        Object::Constraint(member) => constraint(catalog, member),
        Object::Index(name) => {
            let comment = catalog.indexes.get(name).and_then(|it| it.comment.as_ref());
            vec![(format!("INDEX {name}"), comment)]
        }
        Object::View(name) => view(catalog, name),
        Object::Trigger(member) => {
            let comment = catalog.triggers.get(member).and_then(|it| it.comment.as_ref());
            vec![(format!("TRIGGER {} ON {}", quote(&member.name), member.of), comment)]
        }
        Object::Policy(member) => {
            let comment = catalog.policies.get(member).and_then(|it| it.comment.as_ref());
            vec![(format!("POLICY {} ON {}", quote(&member.name), member.of), comment)]
        }
        Object::SequenceOwner(_)
        | Object::Attachment(_)
        | Object::Default(_)
        | Object::IndexAttachment(_)
        | Object::ReplicaIdentity(_)
        | Object::Clustering(_)
        | Object::RowSecurity(_) => Vec::new(),
    }
}

fn types<'a>(catalog: &'a Catalog, name: &super::Name) -> Vec<Told<'a>> {
    if let Some(domain) = catalog.domains.get(name) {
        return vec![(format!("DOMAIN {name}"), domain.comment.as_ref())];
    }
    let composite = catalog.composites.get(name);
    let attributes = composite.into_iter().flat_map(|it| &it.attributes);
    let enums = catalog.enums.get(name).and_then(|it| it.comment.as_ref());
    let ranges = catalog.ranges.get(name).and_then(|it| it.comment.as_ref());
    let own = composite.and_then(|it| it.comment.as_ref()).or(enums).or(ranges);
    let attribute = |attribute: &'a super::Attribute| {
        (format!("COLUMN {name}.{}", quote(&attribute.name)), attribute.comment.as_ref())
    };
    let mut all = vec![(format!("TYPE {name}"), own)];
    all.extend(attributes.map(attribute));
    all
}

fn view<'a>(catalog: &'a Catalog, name: &super::Name) -> Vec<Told<'a>> {
    let Some(view) = catalog.views.get(name) else { return Vec::new() };
    let column = |column: &'a super::ViewColumn| {
        (format!("COLUMN {name}.{}", quote(&column.name)), column.comment.as_ref())
    };
    let own = (view.on(name), view.comment.as_ref());
    [own].into_iter().chain(view.columns.iter().map(column)).collect()
}

/// The index of a constraint can have a comment of its own.
fn constraint<'a>(catalog: &'a Catalog, member: &Member) -> Vec<Told<'a>> {
    let found = catalog.constraint(member);
    let what = format!("CONSTRAINT {} ON {}", quote(&member.name), member.of);
    let index = format!("INDEX {}", member.of.beside(&member.name));
    vec![
        (what, found.and_then(|it| it.comment.as_ref())),
        (index, found.and_then(|it| it.index_comment.as_ref())),
    ]
}
