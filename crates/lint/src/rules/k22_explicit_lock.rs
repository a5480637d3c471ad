//! K22: MySQL is told to copy the table or to lock it.

use crate::found::Found;
use crate::read::{Kind, Statement, Tok};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K22",
    name: "explicit-lock",
    servers: Servers::MR,
    level: Level::Warning,
    says: "{} makes others wait, where the server may know a better way",
    rewrite: "leave it out, or ask for the better way: ALGORITHM=INSTANT, or ALGORITHM=INPLACE with \
              LOCK=NONE, which fail where they cannot be had",
    blocks: Some(Blocks::Writes),
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let table: Option<&Name> = match &statement.kind {
        Kind::AlterTable(alter) => Some(&alter.table),
        Kind::CreateIndex(create) => Some(&create.table),
        Kind::DropIndex(drop) => drop.table.as_ref(),
        _ => return,
    };
    if table.is_some_and(|table| !scene.in_use(table)) {
        return;
    }
    let tokens = scene.tokens(statement);
    for (index, token) in tokens.iter().enumerate() {
        let Some((word, blocks)) = asked(&tokens[index..]) else { continue };
        found.add(token.span, word).blocks(Some(blocks));
    }
}

/// `ALGORITHM [=] COPY`, `LOCK [=] SHARED|EXCLUSIVE` at the start of these.
fn asked(tokens: &[Tok<'_>]) -> Option<(&'static str, Blocks)> {
    let first = tokens.first()?;
    let value = tokens.iter().skip(1).find(|token| !token.is_symbol("="))?;
    if first.is("ALGORITHM") && value.is("COPY") {
        Some(("ALGORITHM=COPY", Blocks::Writes))
    } else if first.is("LOCK") && value.is("SHARED") {
        Some(("LOCK=SHARED", Blocks::Writes))
    } else if first.is("LOCK") && value.is("EXCLUSIVE") {
        Some(("LOCK=EXCLUSIVE", Blocks::All))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::check::mysql;

    #[test]
    fn options() {
        let rule = mysql("K22");
        rule.check("ALTER TABLE t ADD a int, ALGORITHM=COPY", "K22 1:26 ALGORITHM=COPY");
        rule.check("ALTER TABLE t ADD a int, LOCK = EXCLUSIVE", "K22 1:26 LOCK=EXCLUSIVE");
        rule.check("CREATE INDEX i ON t (a) LOCK=SHARED", "K22 1:25 LOCK=SHARED");
        rule.check("ALTER TABLE t ADD a int, ALGORITHM=INPLACE, LOCK=NONE", "");
        rule.check("CREATE TABLE t (b int);\nALTER TABLE t ADD a int, LOCK=SHARED", "");
    }
}
