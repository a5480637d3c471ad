//! `cargo xtask db`: the alias of this repository reaches the commands.

use std::process::Command;

#[test]
fn the_commands_are_there() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["db", "--help"])
        .output()
        .expect("xtask starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    for command in ["migrate", "deploy", "status", "resolve"] {
        assert!(text.contains(command), "{text}");
    }
}
