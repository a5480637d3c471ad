//! `init`: what a workspace needs, written once.

use xtask_db_tests::snapshot;
use xtask_db_tests::support::{Kind, Workspace};

/// What `cargo new` makes.
fn fresh(ws: &Workspace) {
    ws.write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n",
    );
    ws.write("src/main.rs", "fn main() {\n    println!(\"Hello, world!\");\n}\n");
    ws.write(".gitignore", "/target\n");
}

#[test]
fn a_fresh_package_becomes_a_workspace() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    fresh(&ws);
    ws.git_init();
    snapshot!("fresh", ws.run(&["init"]).ok());
    assert!(ws.lock_file().starts_with("# Written by `cargo xtask db`"));
    assert!(ws.lock_file().contains("provider sqlite"));
    assert!(ws.read(".cargo/config.toml").contains("XTASK_DB_MIGRATIONS"));
    assert!(ws.read(".cargo/config.toml").contains("xtask"));
    assert!(ws.read(".gitattributes").contains("migrations.lock"));
    assert!(ws.read("xtask/src/main.rs").contains("xtask_db_cli"));
    assert!(ws.read("xtask/Cargo.toml").contains("sqlite"));
    // A second run changes nothing.
    let before: Vec<String> = FILES.iter().map(|path| ws.read(path)).collect();
    ws.run_ok(&["init"]);
    let after: Vec<String> = FILES.iter().map(|path| ws.read(path)).collect();
    assert_eq!(before, after);
}

const FILES: [&str; 6] = [
    "Cargo.toml",
    ".cargo/config.toml",
    ".gitattributes",
    "migrations/migrations.lock",
    "xtask/Cargo.toml",
    "xtask/src/main.rs",
];

#[test]
fn refuses_when_git_ignores_the_lock_file() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    fresh(&ws);
    ws.write(".gitignore", "/target\n*.lock\n");
    ws.git_init();
    let _ = ws.run(&["init"]).refused(2, "XDB0124").says("migrations.lock").says(".gitignore");
    assert!(!ws.has("migrations/migrations.lock"));
}

#[test]
fn refuses_when_docker_ignores_the_lock_file() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    fresh(&ws);
    ws.write(".dockerignore", "**/*.lock\n");
    let _ = ws.run(&["init"]).refused(2, "XDB0124").says(".dockerignore");
}

#[test]
fn leaves_an_xtask_that_is_there() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    ws.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"xtask\"]\n");
    ws.write(
        "xtask/Cargo.toml",
        "[package]\nname = \"xtask\"\nversion = \"0.0.0\"\nedition = \"2024\"\n",
    );
    let main = "fn main() {\n    // ours\n}\n";
    ws.write("xtask/src/main.rs", main);
    let run = ws.run_ok(&["init"]).says("xtask_db_cli");
    assert_eq!(ws.read("xtask/src/main.rs"), main, "{run}");
}

#[test]
fn without_a_package_there_is_nothing_to_add_to() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    snapshot!("nowhere", ws.run(&["init"]).refused(2, "XDB0101"));
}
