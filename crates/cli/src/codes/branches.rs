//! Faults of a database that another branch has been at: what each answer would do.

use serde_json::json;

use super::Problem;
use crate::branch::OnMissing;
use crate::exit;
use crate::fault::Fault;
use crate::missing::Gone;
use crate::out_of_order::Late;

/// Applied, and not on disk. `answer` is one that does not fit all of them.
pub(super) fn missing(fault: &Fault, found: &[Gone], answer: Option<OnMissing>) -> Problem {
    let fact = match (found, answer) {
        ([one], None) => format!("{} is applied, and not on this branch", one.id),
        (_, None) => fault.to_string(),
        (_, Some(OnMissing::Revert)) => "not all of them can be reverted; nothing was".to_owned(),
        (_, Some(_)) => "not all of them can be fetched; nothing was".to_owned(),
    };
    let named = usize::from(found.len() == 1 && answer.is_none());
    let of = |gone: &Gone| {
        json!({
            "id": gone.id.as_str(),
            "kept_down": gone.kept,
            "ref": gone.place.name(),
        })
    };
    let mut problem = Problem::new("XDB0310", exit::CONFLICT, fact)
        // the fact names it already
        .details(found.iter().flat_map(Gone::lines).skip(named))
        .data(json!({ "missing": found.iter().map(of).collect::<Vec<_>>() }));
    if found.iter().all(|gone| gone.kept) {
        problem = problem.hint("take them back: cargo xtask db migrate --on-missing revert");
    }
    if found.iter().all(|gone| gone.place.commit().is_some()) {
        problem = problem.hint("have them here too: cargo xtask db migrate --on-missing fetch");
    }
    problem = problem.hint("go on without them: cargo xtask db migrate --on-missing keep");
    if found.iter().any(|gone| !gone.kept) {
        problem = problem.hint("all from nothing, without their rows: cargo xtask db reset");
    }
    problem
}

/// Pending, and older than the newest applied.
pub(super) fn out_of_order(fault: &Fault, late: &Late) -> Problem {
    let all: Vec<_> = late.others.iter().chain(&late.own).collect();
    let fact = match all.as_slice() {
        [one] => format!("{one} is older than the newest applied"),
        _ => fault.to_string(),
    };
    let ids = |list: &[xtask_db_history::MigrationId]| -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    };
    let problem = Problem::new("XDB0311", exit::CONFLICT, fact)
        .details(late.lines())
        .data(json!({
            "own": ids(&late.own), "others": ids(&late.others),
            "later_own": ids(&late.before_them), "later_others": ids(&late.fixed),
        }))
        .hint("run them now, after the later ones: cargo xtask db migrate --on-out-of-order apply");
    match late.rebase() {
        Some(what) => {
            problem.hint(format!("{what}: cargo xtask db migrate --on-out-of-order rebase"))
        }
        None => problem.hint("all in order, from nothing: cargo xtask db reset"),
    }
}
