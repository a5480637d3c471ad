//! `completions`: scripts for the shells.

use xtask_db_tests::support::{Kind, Workspace};

#[test]
fn each_shell_has_one() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = ws.run_ok(&["completions", shell]);
        assert!(run.stdout.contains("deploy") && run.stdout.len() > 1_000, "{run}");
    }
    let run = ws.run(&["completions", "no-shell"]);
    assert_eq!(run.code, Some(2), "{run}");
}
