//! What most rules make of a finding of squawk.

use super::Hit;
use crate::found::Found;
use crate::scene::Scene;

/// It stands as it is.
pub(crate) fn as_is(hit: &Hit<'_>, _: &Scene<'_>, found: &mut Found) {
    found.add(hit.span, hit.object()).fix(hit.fix.cloned());
}

/// It stands when the table may have rows; of a small one others hardly wait.
pub(crate) fn on_table_in_use(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let table = hit.table();
    if table.is_some_and(|table| !scene.in_use(table)) {
        return;
    }
    let finding = found.add(hit.span, hit.object()).fix(hit.fix.cloned());
    if table.is_some_and(|table| scene.is_small(table)) {
        finding.at_most(crate::Level::Note).blocks(None);
    }
}
