//! Defaults of columns.

use super::change::{Change, Site};
use super::name::quote;
use super::{Member, casts};
use crate::Step;

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, member: &Member) -> Vec<Step> {
    let default = site.to.column(member).and_then(|column| column.default.as_ref());
    let clause = |default: &String| alter(site, member, &format!("SET DEFAULT {default}"));
    default.map(clause).into_iter().collect()
}

/// The statements that drop one of the source.
pub(super) fn drop(site: &Site<'_>, member: &Member) -> Vec<Step> {
    vec![alter(site, member, "DROP DEFAULT")]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, member: &Member) -> Change {
    let (Some(from), Some(to)) = (site.from.column(member), site.to.column(member)) else {
        return Change::Same;
    };
    match from.default == to.default {
        true => Change::Same,
        false => Change::Alter(create(site, member)),
    }
}

/// Whether a default has to be dropped before its column gets another type. One that is set aside
/// is always right; that of a column that only gets longer can stay.
pub(super) fn must_give_way(site: &Site<'_>, member: &Member) -> bool {
    let (Some(from), Some(to)) = (site.from.column(member), site.to.column(member)) else {
        return true;
    };
    from.default != to.default
        || casts::base(&from.type_name) != casts::base(&to.type_name)
        || from.type_name.ends_with("[]") != to.type_name.ends_with("[]")
        || site.from.needs(&super::Object::Column(member.clone())).next().is_some()
}

/// Those of partitions and children are their own.
fn alter(site: &Site<'_>, member: &Member, clause: &str) -> Step {
    let table = &member.of;
    let only = if site.to.has_children(table) { "ONLY " } else { "" };
    Step::new(format!("ALTER TABLE {only}{table} ALTER COLUMN {} {clause}", quote(&member.name)))
}
