//! What the bodies of routines speak of. The server notes no need of a body that is text, and yet
//! reads it when the routine is made: a name in it that is not there yet is an error.

use std::collections::BTreeSet;

use super::change::Site;
use super::claims::After;
use super::decide::Acts;
use super::name::quote;
use super::order::Stage::Make;
use super::{Name, Object};

/// Routines, each after what its body seems to speak of. A wrong guess only moves a statement.
pub(super) fn after<'a>(site: &Site<'_>, acts: &'a Acts) -> Vec<After<'a>> {
    let mut after = Vec::new();
    for object in acts.keys() {
        let Object::Routine(signature) = object else { continue };
        let routine = site.to.routines.get(signature);
        let Some(body) = routine.and_then(|routine| routine.body.as_deref()) else { continue };
        // A name without quotes has no case.
        let lower = body.to_lowercase();
        let words = words(&lower);
        let made = acts.iter().filter(|(other, act)| act.makes() && *other != object);
        let spoken_of = made.filter(|(other, _)| speaks_of(body, &words, other));
        after.extend(spoken_of.map(|(other, _)| ((object, Make), (other, Make))));
    }
    after
}

fn speaks_of(body: &str, words: &BTreeSet<&str>, object: &Object) -> bool {
    let has = |name: &str| words.contains(name) || body.contains(&quote(name));
    let named = |name: &Name| has(&name.name);
    match object {
        Object::Type(name) | Object::Sequence(name) | Object::Table(name) | Object::View(name) => {
            named(name)
        }
        Object::Routine(signature) => named(&signature.name),
        Object::Column(member) => named(&member.of) && has(&member.name),
        _ => false,
    }
}

fn words(body: &str) -> BTreeSet<&str> {
    body.split(|c: char| !c.is_alphanumeric() && c != '_').collect()
}
