//! Conditions on the values of a domain.

use super::change::{Change, Site};
use super::name::quote;
use super::{Catalog, Domain, DomainCheck, Member, Name, hazards};
use crate::Step;

/// All of them.
pub(super) fn members(catalog: &Catalog) -> impl Iterator<Item = Member> {
    let of = |(name, domain): (&Name, &Domain)| {
        domain.checks.keys().map(|check| name.member(check)).collect::<Vec<_>>()
    };
    catalog.domains.iter().flat_map(of)
}

/// Whether CREATE DOMAIN says it.
pub(super) fn inline(catalog: &Catalog, member: &Member) -> bool {
    check(catalog, member).is_some_and(|check| !check.definition.ends_with(" NOT VALID"))
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, member: &Member) -> Vec<Step> {
    let Some(check) = check(site.to, member) else { return Vec::new() };
    let (domain, name) = (&member.of, quote(&member.name));
    let sql = format!("ALTER DOMAIN {domain}\n    ADD CONSTRAINT {name} {}", check.definition);
    let fails = hazards::fails(&member.plain(), "fails where a value does not fulfil it", None);
    vec![Step::new(sql).hazard(fails)]
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, member: &Member) -> Vec<Step> {
    let (domain, name) = (&member.of, quote(&member.name));
    vec![Step::new(format!("ALTER DOMAIN {domain} DROP CONSTRAINT {name}"))]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, member: &Member) -> Change {
    let text = |catalog| check(catalog, member).map(|check| check.definition.as_str());
    let (from, to) = (text(site.from).unwrap_or_default(), text(site.to).unwrap_or_default());
    match () {
        () if from == to => Change::Same,
        () if from.strip_suffix(" NOT VALID") == Some(to) => {
            let (domain, name) = (&member.of, quote(&member.name));
            let sql = format!("ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name}");
            Change::Alter(vec![Step::new(sql)])
        }
        () => Change::Recreate,
    }
}

fn check<'a>(catalog: &'a Catalog, member: &Member) -> Option<&'a DomainCheck> {
    catalog.domains.get(&member.of)?.checks.get(&member.name)
}
