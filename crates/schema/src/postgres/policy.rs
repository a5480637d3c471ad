//! Policies of row security.

use serde::{Deserialize, Serialize};

use super::Member;
use super::change::{Change, Site};
use super::name::{quote, quote_all};
use crate::Step;

/// A policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// One such policy is enough; otherwise every one must hold.
    pub permissive: bool,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE`, `DELETE`.
    pub command: String,
    /// Whom it is for, sorted; nobody: everybody.
    pub roles: Vec<String>,
    /// Which rows are seen.
    pub using: Option<String>,
    /// Which rows may be written.
    pub check: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

impl Policy {
    fn to(&self) -> String {
        if self.roles.is_empty() { "PUBLIC".to_owned() } else { quote_all(&self.roles) }
    }

    fn conditions(&self) -> String {
        let using = self.using.iter().map(|sql| format!("\n    USING ({sql})"));
        let check = self.check.iter().map(|sql| format!("\n    WITH CHECK ({sql})"));
        using.chain(check).collect()
    }
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, policy: &Member) -> Vec<Step> {
    let Some(new) = site.to.policies.get(policy) else { return Vec::new() };
    let mut sql = format!("CREATE POLICY {} ON {}", quote(&policy.name), policy.of);
    if !new.permissive {
        sql.push_str(" AS RESTRICTIVE");
    }
    if new.command != "ALL" {
        sql.push_str(&format!(" FOR {}", new.command));
    }
    if !new.roles.is_empty() {
        sql.push_str(&format!(" TO {}", new.to()));
    }
    sql.push_str(&new.conditions());
    vec![Step::new(sql)]
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, policy: &Member) -> Vec<Step> {
    vec![Step::new(format!("DROP {}", on(policy)))]
}

/// What makes one of the source one of the target. ALTER POLICY takes no condition away.
pub(super) fn change(site: &Site<'_>, policy: &Member) -> Change {
    let found = (site.from.policies.get(policy), site.to.policies.get(policy));
    let (Some(old), Some(new)) = found else { return Change::Same };
    if old.permissive != new.permissive
        || old.command != new.command
        || old.using.is_some() != new.using.is_some()
        || old.check.is_some() != new.check.is_some()
    {
        return Change::Recreate;
    }
    let mut steps = Vec::new();
    let roles = old.roles != new.roles;
    let conditions = old.using != new.using || old.check != new.check;
    if roles || conditions {
        let to = if roles { format!(" TO {}", new.to()) } else { String::new() };
        let conditions = if conditions { new.conditions() } else { String::new() };
        steps.push(Step::new(format!("ALTER {}{to}{conditions}", on(policy))));
    }
    Change::of(steps)
}

fn on(policy: &Member) -> String {
    format!("POLICY {} ON {}", quote(&policy.name), policy.of)
}
