//! A disk on which files cannot grow past a point: SQLite fails in the middle of a write.

use std::process::Command;

use super::operator::{Ways, converge};
use super::places::{history, workspace};
use super::{Case, Ending, Plan};
use crate::support::{Kind, Oracle};

/// What a fresh database of the history grows to is below this.
const KIB_MAX: u64 = 160;
/// How many of its bytes a block of `ulimit -f` has (POSIX).
const BLOCK_BYTES: u64 = 512;

/// A deploy whose files may have at most so many bytes; then one without a limit.
pub(super) fn full(plan: &Plan<'_>) -> Vec<Case> {
    let step = plan.of(40, 4, 1);
    let case = |kib: u64| {
        Case::new(format!("sqlite-full-{kib}-kib"), move |_| {
            let ws = match workspace(Kind::Sqlite) {
                Ok(ws) => ws,
                Err(skipped) => return skipped,
            };
            let oracle = history(&ws);
            let deploy = ws.binary(&["deploy"]);
            // Ignored, the signal leaves the write to fail with EFBIG, as ENOSPC would.
            let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
            let mut limited: Command = ws.command("/bin/sh");
            let blocks = (kib * 1024 / BLOCK_BYTES).to_string();
            limited.args(["-c", script, "sh", &blocks]);
            limited.arg(deploy.get_program()).args(deploy.get_args());
            let run = ws.running(limited).wait();
            Oracle::check_run(&run);
            let stops = converge(&ws, Ways::Retry);
            oracle.check();
            Ending::Settled(stops)
        })
    };
    (0..KIB_MAX).step_by(step).map(case).collect()
}
