//! Orders that no dependency says: partitions and their parents, columns and keys.

use super::absorb::derived;
use super::change::Site;
use super::claims::After;
use super::decide::Acts;
use super::order::Stage::{Drop, Make};
use super::{ConstraintKind, Name, Object};

/// What comes after what.
pub(super) fn extra<'a>(site: &Site<'_>, acts: &'a Acts) -> Vec<After<'a>> {
    let mut after = Vec::new();
    for (object, act) in acts {
        match object {
            Object::Attachment(name) => attachment(site, acts, object, name, &mut after),
            Object::Column(member) => {
                for parent in site.parents(&member.of) {
                    let above = Object::Column(parent.member(&member.name));
                    if let Some((above, _)) = acts.get_key_value(&above) {
                        after.push(((object, Make), (above, Make)));
                    }
                }
            }
            // The whole finds its parts, but for those that come with PARTITION OF.
            Object::Constraint(member) if act.makes() => {
                let found = site.to.constraint(member).filter(|_| !derived(site, &member.of));
                let part_of = found.and_then(|it| it.part_of.as_ref());
                let parents =
                    site.to.tables.get(&member.of).into_iter().flat_map(|it| it.parents());
                for parent in parents {
                    let above = part_of.map(|above| Object::Constraint(parent.member(above)));
                    let above = above.and_then(|above| acts.get_key_value(&above));
                    after.extend(above.map(|(above, _)| ((above, Make), (object, Make))));
                }
                // A primary key makes its columns not null.
                let kind = site.to.constraint(member).map(|it| it.kind);
                if kind == Some(ConstraintKind::Primary) {
                    key_columns(site, acts, object, member, &mut after);
                }
            }
            Object::Index(name) if act.makes() => {
                let whole = site.to.indexes.get(name).and_then(|index| index.part_of.clone());
                let whole = whole.map(Object::Index);
                let whole = whole.and_then(|whole| acts.get_key_value(&whole));
                after.extend(whole.map(|(whole, _)| ((whole, Make), (object, Make))));
            }
            _ => {}
        }
    }
    after
}

/// The server notes that a part of an index or a constraint needs the whole. It is made before that
/// or with it.
pub(super) fn is_whole(site: &Site<'_>, object: &Object, needed: &Object) -> bool {
    match (object, needed) {
        (Object::Index(name), Object::Index(whole)) => {
            site.to.indexes.get(name).is_some_and(|index| index.part_of.as_ref() == Some(whole))
        }
        (Object::Constraint(member), Object::Constraint(whole)) => {
            let found = site.to.constraint(member);
            found.is_some_and(|found| found.part_of.as_ref() == Some(&whole.name))
                && member.of != whole.of
        }
        _ => false,
    }
}

/// A table is detached before and attached after all else that happens to it and its parent.
fn attachment<'a>(
    site: &Site<'_>,
    acts: &'a Acts,
    object: &'a Object,
    name: &Name,
    after: &mut Vec<After<'a>>,
) {
    let parent = |catalog: &super::Catalog| {
        let table = catalog.tables.get(name)?;
        table.partition_of.as_ref().map(|part| part.parent.clone())
    };
    let (from, to) = (parent(site.from), parent(site.to));
    let parts = acts.keys().filter_map(|other| {
        let table = match other {
            Object::Column(member) | Object::Constraint(member) => &member.of,
            Object::Index(index) => {
                let index = site.to.indexes.get(index).or_else(|| site.from.indexes.get(index));
                &index?.table
            }
            _ => return None,
        };
        Some((other, table))
    });
    for (other, table) in parts {
        if acts[object].drops() && (table == name || from.as_ref() == Some(table)) {
            after.push(((other, Drop), (object, Drop)));
            after.push(((other, Make), (object, Drop)));
        }
        // One that its parent makes has no part of its own before.
        let part = table == name && !derived(site, name);
        let above = to.as_ref() == Some(table) && !matches!(other, Object::Index(_));
        let own = part || above;
        if acts[object].makes() && own {
            after.push(((object, Make), (other, Make)));
            after.push(((object, Make), (other, Drop)));
        }
    }
}

fn key_columns<'a>(
    site: &Site<'_>,
    acts: &'a Acts,
    object: &'a Object,
    member: &super::Member,
    after: &mut Vec<After<'a>>,
) {
    let columns = site.to.constraint(member).map(|it| it.columns.as_slice()).unwrap_or_default();
    for column in columns {
        let column = Object::Column(member.of.member(column));
        if let Some((column, _)) = acts.get_key_value(&column) {
            after.push(((object, Make), (column, Make)));
        }
    }
}
