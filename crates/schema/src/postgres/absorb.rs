//! Objects that come and go with another: their statements are the other's.

use super::change::Site;
use super::decide::Acts;
use super::{
    ConstraintKind, Member, Name, Object, constraint, domain_check, index_attachment, partition,
    serial,
};

/// Which end of a plan is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// What is dropped.
    From,
    /// What is made.
    To,
}

/// The object whose statement drops or makes this one.
pub(super) fn home(site: &Site<'_>, acts: &Acts, end: End, object: &Object) -> Object {
    let mut home = object.clone();
    loop {
        let next = match end {
            End::From if drops(acts, &home) => dropped_with(site, acts, &home),
            End::To if site.makes(&home) => made_with(site, &home),
            _ => None,
        };
        match next {
            Some(next) => home = next,
            None => return home,
        }
    }
}

fn drops(acts: &Acts, object: &Object) -> bool {
    acts.get(object).is_some_and(|act| act.drops())
}

fn dropped_with(site: &Site<'_>, acts: &Acts, object: &Object) -> Option<Object> {
    let goes = |object: &Object| drops(acts, object);
    if let Some(parent) = site.from.parent(object).filter(goes)
        && !(site.loose && is_foreign(site, object))
    {
        return Some(parent);
    }
    match object {
        Object::Sequence(name) => {
            let owner = site.from.sequences.get(name)?.owner.clone();
            owner.map(Object::Column).filter(goes)
        }
        Object::Column(member) => {
            let column = site.from.column(member).filter(|column| !column.local)?;
            let above = |parent: &&Name| Object::Column(parent.member(&column.name));
            site.parents(&member.of).iter().map(above).find(goes)
        }
        Object::Constraint(member) => {
            let constraint = site.from.constraint(member)?;
            let above = constraint.part_of.as_ref().filter(|_| !constraint.local);
            let above = above.and_then(|above| {
                let above = |parent: &&Name| Object::Constraint(parent.member(above));
                site.parents(&member.of).iter().map(above).find(goes)
            });
            above.or_else(|| with_column(site, object, &member.of, goes))
        }
        Object::Index(name) => {
            let index = site.from.indexes.get(name)?;
            let attached = !site.parents(&index.table).is_empty();
            let whole = index.part_of.clone().filter(|_| attached).map(Object::Index).filter(goes);
            whole.or_else(|| with_column(site, object, &index.table, goes))
        }
        _ => None,
    }
}

fn is_foreign(site: &Site<'_>, object: &Object) -> bool {
    let Object::Constraint(member) = object else { return false };
    site.from.constraint(member).is_some_and(|found| found.kind == ConstraintKind::Foreign)
}

/// The server drops what needs a column of its table with it. A computed one goes before those that
/// it is made of.
fn with_column(
    site: &Site<'_>,
    object: &Object,
    table: &Name,
    goes: impl Fn(&Object) -> bool,
) -> Option<Object> {
    let own = |needed: &&Object| matches!(needed, Object::Column(member) if member.of == *table);
    let computed = |needed: &&Object| match needed {
        Object::Column(member) => {
            site.from.column(member).is_some_and(|column| column.generated.is_some())
        }
        _ => false,
    };
    let going = || site.from.needs(object).filter(own).filter(|needed| goes(needed));
    going().find(computed).or_else(|| going().next()).cloned()
}

fn made_with(site: &Site<'_>, object: &Object) -> Option<Object> {
    match object {
        Object::Column(member) => made_table(site, &member.of),
        Object::Default(member) => default_with(site, member),
        Object::DomainCheck(member) => {
            let domain = Object::Type(member.of.clone());
            (site.makes(&domain) && domain_check::inline(site.to, member)).then_some(domain)
        }
        Object::Constraint(member) => constraint_with(site, member),
        Object::Attachment(name) => made_table(site, name).filter(|_| derived(site, name)),
        Object::Index(name) => index_with(site, name),
        Object::IndexAttachment(name) => index_attachment::comes_with(site, name),
        Object::Sequence(name) => {
            let column = Object::Column(serial::comes_with(site, name)?);
            site.makes(&column).then_some(column)
        }
        Object::SequenceOwner(name) => {
            let sequence = Object::Sequence(name.clone());
            let column = Object::Column(serial::comes_with(site, name)?);
            (site.makes(&sequence) && site.makes(&column)).then_some(sequence)
        }
        _ => None,
    }
}

fn made_table(site: &Site<'_>, name: &Name) -> Option<Object> {
    let table = Object::Table(name.clone());
    site.makes(&table).then_some(table)
}

/// The plan makes a partition by what its parent says.
pub(super) fn derived(site: &Site<'_>, name: &Name) -> bool {
    site.makes(&Object::Table(name.clone())) && partition::derived(site.to, name)
}

fn default_with(site: &Site<'_>, member: &Member) -> Option<Object> {
    let column = Object::Column(member.clone());
    let found = site.to.column(member).filter(|_| site.makes(&column))?;
    let mut parents = site.to.tables.get(&member.of)?.parents();
    let above = parents.find_map(|parent| site.to.column(&parent.member(&member.name)));
    let table = site.to.tables.get(&member.of)?;
    let alone = site.makes_relation(&member.of) && table.inherits.is_empty();
    match above {
        // It says nothing of its own, so it has what is above it.
        Some(above) if !found.local && !alone => (above.default == found.default).then_some(column),
        _ => Some(column),
    }
}

fn constraint_with(site: &Site<'_>, member: &Member) -> Option<Object> {
    let constraint = site.to.constraint(member)?;
    let table = site.to.tables.get(&member.of)?;
    let part = constraint.part_of.as_ref().filter(|_| !constraint.local);
    if let Some(made) = made_table(site, &member.of) {
        let comes = part.is_some() && (!table.inherits.is_empty() || derived(site, &member.of));
        let inline = !derived(site, &member.of) && constraint::inline(site, member);
        return (comes || inline).then_some(made);
    }
    let above = part?;
    let object = |parent: &&Name| {
        let above = parent.member(above);
        let found = site.to.constraint(&above)?;
        let expected = partition::constraint_name(&member.of, &above.name, found);
        (expected == member.name).then_some(Object::Constraint(above))
    };
    let mut above = site.parents(&member.of).into_iter().filter_map(|parent| object(&parent));
    above.find(|above| site.makes(above))
}

fn index_with(site: &Site<'_>, name: &Name) -> Option<Object> {
    let index = site.to.indexes.get(name)?;
    let whole = index.part_of.as_ref()?;
    let found = site.to.indexes.get(whole)?;
    let made = Some(Object::Index(whole.clone())).filter(|object| site.makes(object));
    if derived(site, &index.table) {
        return made.or_else(|| made_table(site, &index.table));
    }
    let attached = !site.parents(&index.table).is_empty();
    let expected = partition::index_name(&index.table, &found.columns);
    made.filter(|_| attached && found.valid && expected.as_ref() == Some(name))
}
