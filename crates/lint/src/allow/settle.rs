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
