//! What changes in a column that stays.

use super::change::{Change, Site};
use super::name::quote;
use super::{Column, Generated, Member, Name, Object, casts, column, hazards, identity, not_null};
use crate::Step;

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, member: &Member) -> Change {
    let (Some(from), Some(to)) = (before(site, member), site.to.column(member)) else {
        return Change::Same;
    };
    let kept = match (&from.generated, &to.generated) {
        (Some(old), None) => old.stored,
        (old, new) => old == new,
    };
    if !kept {
        return Change::Recreate;
    }
    if !site.to.tables.get(&member.of).is_some_and(|table| table.inherits.is_empty())
        && site.from.column(member).map(|from| from.local) != Some(to.local)
    {
        return Change::Refuse(
            "no statement changes whether an inherited column is declared".into(),
        );
    }
    let steps = between(site, member, &from, to);
    let retyped = retypes(site, member, &from, to);
    match (steps.is_empty(), retyped || from.generated != to.generated) {
        (true, _) => Change::Same,
        (_, true) => Change::Disturb(steps),
        _ => Change::Alter(steps),
    }
}

/// The column as it is when its parents have changed, whose statements change it too.
fn before(site: &Site<'_>, member: &Member) -> Option<Column> {
    let mut column = site.from.column(member)?.clone();
    for parent in site.parents(&member.of) {
        let parent = parent.member(&member.name);
        let (Some(old), Some(new)) = (before(site, &parent), site.to.column(&parent)) else {
            continue;
        };
        if retypes(site, &parent, &old, new) {
            column.type_name.clone_from(&new.type_name);
            column.collation.clone_from(&new.collation);
        }
        if old.not_null != new.not_null {
            column.not_null = new.not_null;
        }
        if old.generated.is_some() && new.generated.is_none() {
            column.generated = None;
        }
    }
    Some(column)
}

/// The statements that lead from one to the other; the default is an object of its own.
pub(super) fn between(site: &Site<'_>, member: &Member, from: &Column, to: &Column) -> Vec<Step> {
    let (table, name) = (&member.of, quote(&member.name));
    let alter =
        |clause: &str| Step::new(format!("ALTER TABLE {table} ALTER COLUMN {name} {clause}"));
    let mut steps = Vec::new();
    if from.generated.is_some() && to.generated.is_none() {
        steps.push(alter("DROP EXPRESSION"));
    }
    if from.identity.is_some() && to.identity.is_none() {
        steps.extend(identity::change(site, member, from.identity.as_ref(), None));
    }
    let mut settled = from.clone();
    let retyped = retypes(site, member, from, to);
    if retyped {
        steps.push(retype(site, member, from, to));
        // The server gives the column what is usual for the type.
        if !to.usual_storage {
            settled.storage.clear();
        } else if casts::base(&from.type_name) != casts::base(&to.type_name) && to.usual_storage {
            settled.storage.clone_from(&to.storage);
        }
    }
    if from.compression != to.compression || (retyped && to.compression.is_some()) {
        let method = to.compression.as_deref().unwrap_or("default");
        steps.push(alter(&format!("SET COMPRESSION {method}")));
    }
    steps.extend(not_null::change(site, member, from.not_null, to.not_null));
    if to.identity.is_some() {
        steps.extend(identity::change(site, member, from.identity.as_ref(), to.identity.as_ref()));
    }
    steps.extend(column::settings(table, Some(&settled), to));
    steps
}

/// The type is another, or another of the same name.
fn retypes(site: &Site<'_>, member: &Member, from: &Column, to: &Column) -> bool {
    let object = Object::Column(member.clone());
    // What changes above an inherited column changes it too.
    let above = |parent: &&Name| site.to.column(&parent.member(&member.name)).is_some();
    let replaced = !site.parents(&member.of).iter().any(above)
        && site.from.needs(&object).any(|needed| site.replaced.contains(needed));
    replaced || from.type_name != to.type_name || from.collation != to.collation
}

fn retype(site: &Site<'_>, member: &Member, from: &Column, to: &Column) -> Step {
    let (table, name) = (&member.of, quote(&member.name));
    let mut sql = format!("ALTER TABLE {table} ALTER COLUMN {name} TYPE {}", to.type_name);
    if let Some(collation) = &to.collation {
        sql.push_str(&format!(" COLLATE {collation}"));
    }
    let object = Object::Column(member.clone());
    let replaced = site.from.needs(&object).any(|needed| site.replaced.contains(needed));
    let mut cast = casts::cast(&from.type_name, &to.type_name);
    if replaced {
        cast = casts::THROUGH_TEXT;
    }
    // What is computed is computed again.
    if from.generated.is_none() {
        match cast.way {
            casts::Way::Assigned => {}
            casts::Way::Cast => sql.push_str(&format!(" USING {name}::{}", to.type_name)),
            casts::Way::ThroughText => {
                sql.push_str(&format!(
                    " USING {name}::{}::{}",
                    casts::text_like(&to.type_name),
                    to.type_name
                ));
            }
        }
    }
    let step = risk(Step::new(sql), member, from, cast.risk);
    match cast.rewrites {
        true => step.hazard(hazards::rewrite(&member.plain(), table)),
        false => step,
    }
}

fn risk(step: Step, member: &Member, from: &Column, risk: casts::Risk) -> Step {
    let (table, name, object) = (&member.of, quote(&member.name), member.plain());
    let there = hazards::rows_where(table, &format!("{name} IS NOT NULL"));
    match risk {
        _ if matches!(from.generated, Some(Generated { .. })) => step,
        casts::Risk::None => step,
        casts::Risk::Changed(text) => step.hazard(hazards::loss(&object, text, there)),
        casts::Risk::Refused(fit) => {
            let probe = fit.map_or(there, |fit| hazards::rows_where(table, &fit.broken(&name)));
            step.hazard(hazards::fails(&object, "fails where a value does not fit", Some(probe)))
        }
    }
}
