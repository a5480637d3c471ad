//! Which finding is silenced by which comment.

use super::comment::{Allow, Scope};
use crate::Finding;
use crate::report::{Allowed, Remark};

/// Parts the findings into those that stand and those that are allowed; says what is wrong with
/// the comments.
pub(crate) fn settle(
    findings: Vec<Finding>,
    allows: &[Allow],
) -> (Vec<Finding>, Vec<Allowed>, Vec<Remark>) {
    let mut used = vec![false; allows.len()];
    let (mut standing, mut allowed) = (Vec::new(), Vec::new());
    for finding in findings {
        match allows.iter().position(|allow| allow.silences(&finding)) {
            Some(at) => {
                used[at] = true;
                let by = allows[at].shown.clone();
                allowed.push(Allowed { finding, by, reason: allows[at].reason.clone() });
            }
            None => standing.push(finding),
        }
    }
    let remarks = allows.iter().zip(used).flat_map(|(allow, used)| remarks(allow, used)).collect();
    (standing, allowed, remarks)
}

impl Allow {
    fn silences(&self, finding: &Finding) -> bool {
        let named = self.ids.as_ref().map(|ids| ids.contains(&finding.rule.id));
        match (finding.statement, self.scope) {
            (_, Scope::File) => named.unwrap_or(true),
            // what is about the whole file is silenced by its name, wherever that stands
            (None, _) => named.unwrap_or(false),
            (Some(statement), Scope::Statement(at)) => {
                let line = finding.at.line == self.at.line || finding.at.line == self.at.line + 1;
                named.unwrap_or(true) && (statement == at || (self.reason.is_none() && line))
            }
            (Some(_), Scope::Nothing) => false,
        }
    }
}

fn remarks(allow: &Allow, used: bool) -> Vec<Remark> {
    let remark = |message: String| Remark { span: allow.span, at: allow.at, message };
    let mut remarks: Vec<Remark> = allow
        .unknown
        .iter()
        .map(|(name, nearest)| {
            let meant = nearest.map_or_else(String::new, |id| format!(", did you mean {id}?"));
            remark(format!("there is no rule {name}{meant}"))
        })
        .collect();
    if !used && !allow.idle && allow.unknown.is_empty() {
        remarks.push(remark(format!("`{}` silences nothing: remove it", allow.shown)));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use crate::check::{postgres, sqlite};

    /// What stands, what is allowed, what is told.
    #[track_caller]
    fn check(sql: &str, standing: &str, allowed: &str, told: &str) {
        let report = postgres("L01").report(sql);
        let file = &report.files[0];
        let ids: Vec<&str> = file.findings.iter().map(|one| one.rule.id).collect();
        assert_eq!(ids.join(" "), standing, "{sql}");
        let ids: Vec<String> = file
            .allowed
            .iter()
            .map(|one| format!("{} {}", one.finding.rule.id, one.reason.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(ids.join(", "), allowed, "{sql}");
        let said: Vec<&str> = file.remarks.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(said.join("; "), told, "{sql}");
    }

    #[test]
    fn an_allow_is_about_the_statement_that_follows() {
        let allow = "-- xtask-db: allow L01 reason=\"gone\"";
        check(&format!("{allow}\nDROP TABLE a;"), "", "L01 gone", "");
        check(&format!("DROP TABLE a; {allow}"), "", "L01 gone", "");
        check(&format!("{allow}\nDROP TABLE a;\nDROP TABLE b;"), "L01", "L01 gone", "");
        let idle = "`allow L01` silences nothing: remove it";
        check(&format!("{allow}\nSELECT 1;"), "", "", idle);
        check(&format!("DROP TABLE a;\n\n{allow}"), "L01", "", idle);
        check("-- xtask-db: allow drop-table reason=\"x\"\nDROP TABLE a;", "", "L01 x", "");
        check("-- xtask-db: allow K01,L01 reason=\"x\"\nDROP TABLE a;", "", "L01 x", "");
        let unknown = "there is no rule drop-tabel, did you mean L01?";
        check("-- xtask-db: allow drop-tabel reason=\"x\"\nDROP TABLE a;", "L01", "", unknown);
    }

    #[test]
    fn comments_of_other_tools() {
        check("-- squawk-ignore ban-drop-table\nDROP TABLE a;", "", "L01 -", "");
        check("-- squawk-ignore-file ban-drop-table\nSELECT 1;\nDROP TABLE a;", "", "L01 -", "");
        check("/* squawk-ignore ban-drop-table */ DROP TABLE a;", "", "L01 -", "");
        check(
            "-- squawk-ignore ban-drop-column\nDROP TABLE a;",
            "L01",
            "",
            "`squawk-ignore ban-drop-column` silences nothing: remove it",
        );
        check("-- squawk-ignore no-such\nDROP TABLE a;", "L01", "", "there is no rule no-such");
        check("-- squawk-ignore require-lock-timeout\nDROP TABLE a;", "L01", "", "");
        check("-- atlas:nolint DS102\nDROP TABLE a;", "", "L01 -", "");
        check("-- atlas:nolint\nDROP TABLE a;", "", "L01 -", "");
    }

    #[test]
    fn the_word_of_the_engine_is_not_a_rule() {
        let sql = "-- xtask-db: allow row-loss reason=\"x\"\nSELECT 1;";
        let report = sqlite("L01").report(sql);
        assert!(report.files[0].remarks.is_empty());
    }

    #[test]
    fn an_allowed_wait_still_needs_a_window() {
        let sql = "-- xtask-db: allow K01 reason=\"at night\"\nCREATE INDEX i ON t (a);";
        let report = postgres("K01").report(sql);
        assert_eq!(report.windows().count(), 1);
        assert!(report.files[0].findings.is_empty());
    }
}
