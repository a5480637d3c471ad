//! From one catalog to another.

use std::collections::BTreeSet;

use super::change::Site;
use super::decide::{Act, Acts, decide, spread};
use super::{Catalog, Object, array_casts, follow, foreign_keys, later, order, rename};
use crate::{Cycle, Online, Plan, PlanOptions, SchemaError};

/// How many objects an error names.
const NAMED_MAX: usize = 6;

/// The statements that lead from one catalog to another.
///
/// # Errors
/// A change that no statement makes; objects that need each other.
pub fn plan(from: &Catalog, to: &Catalog, options: &PlanOptions) -> Result<Plan, SchemaError> {
    let renames = follow::renames(from, to);
    let mut steps = rename(from, &renames)?;
    let from = &follow::renamed(from, &renames);
    let mut site = Site {
        from,
        to,
        online: options.online == Online::Auto,
        loose: false,
        made: BTreeSet::new(),
        replaced: BTreeSet::new(),
        early_keys: BTreeSet::new(),
    };
    let mut acts = decide(&site)?;
    settle(&mut site, &acts);
    let rest = order::order(&site, &acts).or_else(|Cycle(objects)| {
        // Foreign keys apart from their tables, and texts that are changed made again instead.
        site.loose = true;
        for object in objects {
            let again = matches!(object, Object::View(_) | Object::Routine(_));
            if again && acts.get(&object) == Some(&Act::Alter) {
                acts.insert(object, Act::Recreate);
            }
        }
        spread(&site, &mut acts);
        settle(&mut site, &acts);
        order::order(&site, &acts)
    });
    keep_hanging(from, &acts)?;
    let rest = rest.map_err(|Cycle(objects)| {
        let named: Vec<String> = objects.iter().take(NAMED_MAX).map(Object::to_string).collect();
        let reason = "these need each other, and no order of statements was found".to_owned();
        SchemaError::Refused { object: named.join(", "), reason }
    })?;
    steps.extend(rest);
    let mut steps = later::mark(&site, steps);
    for step in &mut steps {
        step.sql = array_casts::readable(&step.sql);
    }
    Ok(Plan { steps })
}

/// What goes with an object and is not in the model would be lost when that is made again.
fn keep_hanging(from: &Catalog, acts: &Acts) -> Result<(), SchemaError> {
    for (object, hanging) in &from.hanging {
        if acts.get(object).is_some_and(|act| act.drops() && act.makes())
            && let Some(one) = hanging.iter().next()
        {
            return Err(SchemaError::Refused {
                object: object.to_string(),
                reason: format!(
                    "it has to be dropped and made again, and the {} {} would be lost with it; \
                     drop that by hand before",
                    one.kind, one.name
                ),
            });
        }
    }
    Ok(())
}

fn settle(site: &mut Site<'_>, acts: &Acts) {
    let of = |wanted: fn(Act) -> bool| {
        acts.iter().filter(|(_, act)| wanted(**act)).map(|(object, _)| object.clone()).collect()
    };
    site.made = of(Act::makes);
    site.replaced = of(|act| act == Act::Replace);
    site.early_keys = if site.loose { BTreeSet::new() } else { foreign_keys::early(site) };
}
