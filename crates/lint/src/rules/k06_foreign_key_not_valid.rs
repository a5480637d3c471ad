//! K06: a foreign key is checked while writes to both tables wait.

use crate::found::Found;
use crate::online;
use crate::read::{ConstraintKind, Does};
use crate::rule::{Blocks, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K06",
    name: "foreign-key-not-valid",
    servers: Servers::P,
    says: "writes to {} and the table it refers to wait while its rows are checked",
    rewrite: "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own",
    blocks: Some(Blocks::Writes),
    atlas: &["PG306"],
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let Some((table, action)) = hit.action() else { return };
    if !scene.in_use(table) {
        return;
    }
    let fix = match &action.does {
        Does::Add(constraint) if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) => {
            online::validate_later(scene, hit.statement, table, constraint)
        }
        _ => None,
    };
    let finding = found.add(hit.span, table.shown()).fix(fix);
    if scene.is_small(table) {
        finding.at_most(Level::Note).blocks(None);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn foreign_keys() {
        let rule = postgres("K06");
        let add = "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b (id)";
        rule.check(add, "K06 1:19 a [fix]");
        rule.check(&format!("{add} NOT VALID"), "");
        rule.check("ALTER TABLE a ADD COLUMN b int REFERENCES b", "K06 1:32 a");
        rule.check(&format!("CREATE TABLE a (b int);\n{add}"), "");
        rule.knows("rows a", 0).check(add, "");
    }

    #[test]
    fn it_is_mended() {
        postgres("K06").mends(
            "-- why\nALTER TABLE \"A\" ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b (id);\n",
            "-- why\nBEGIN;\nALTER TABLE \"A\" ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b (id) \
             NOT VALID;\nCOMMIT;\nALTER TABLE \"A\" VALIDATE CONSTRAINT f;\n",
        );
        postgres("K06").mends(
            "ALTER TABLE s.a ADD FOREIGN KEY (b, c) REFERENCES b",
            "BEGIN;\nALTER TABLE s.a ADD CONSTRAINT a_b_c_fkey FOREIGN KEY (b, c) REFERENCES b \
             NOT VALID;\nCOMMIT;\nALTER TABLE s.a VALIDATE CONSTRAINT a_b_c_fkey",
        );
    }
}
