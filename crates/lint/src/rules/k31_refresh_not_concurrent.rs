//! K31: a materialized view is filled again while its readers wait.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K31",
    name: "refresh-not-concurrent",
    servers: Servers::P,
    level: Level::Warning,
    says: "reads of {} wait while it is filled again",
    rewrite: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view",
    blocks: Some(Blocks::All),
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::Refresh { view, concurrently } = &statement.kind else { return };
    if scene.state.is_new(view) {
        return;
    }
    if !concurrently {
        found.add(statement.span, view.shown());
        return;
    }
    let is_known = scene.state.views().any(|known| known.name == *view);
    let indexes = scene.state.table(view).map_or(&[][..], |known| &known.indexes);
    if is_known && !indexes.iter().any(|known| known.index.unique && !known.index.partial) {
        let finding = found.add(statement.span, view.shown()).blocks(None);
        finding.because(format!("{} has no unique index: CONCURRENTLY is refused", view.shown()));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn views() {
        let rule = postgres("K31");
        rule.check("REFRESH MATERIALIZED VIEW v", "K31 1:1 v");
        let refresh = "REFRESH MATERIALIZED VIEW CONCURRENTLY v";
        rule.check(refresh, "");
        let view = "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a";
        rule.after(view).says(refresh, "v has no unique index: CONCURRENTLY is refused");
        rule.after(&format!("{view};\nCREATE UNIQUE INDEX i ON v (a)")).check(refresh, "");
        rule.check(&format!("{view};\nREFRESH MATERIALIZED VIEW v"), "");
    }
}
