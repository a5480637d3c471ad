//! A library that brings migrations of its own, as others get it.

use std::fs;
use std::process::Command;

use crate::scratch::{Scratch, listing_of, package, repository};

/// A registry in which nothing is looked up: its packages are in a folder.
const VENDORED: &str = "\n[registries.vendored]\nindex = \"sparse+https://vendored.invalid/\"\n\n\
     [source.vendored-registry]\nregistry = \"sparse+https://vendored.invalid/\"\n\
     replace-with = \"vendor\"\n\n[source.vendor]\ndirectory = \"vendor\"\n";

/// As if our crates were published: a package names them by version alone.
fn published() -> String {
    let crates = [
        ("xtask-db", "crates/xtask-db"),
        ("xtask-db-macros", "macros"),
        ("xtask-db-history", "crates/history"),
        ("xtask-db-sql", "crates/sql"),
    ];
    let line = |(name, path)| format!("{name} = {{ path = {:?} }}\n", repository().join(path));
    "[patch.crates-io]\n".to_owned() + &crates.map(line).concat()
}

fn library(scratch: &Scratch, name: &str) {
    let manifest = package(name) + "xtask-db = \"=0.1.0\"\n";
    scratch.write("jobs/Cargo.toml", manifest + "\n[workspace]\n");
    scratch.write(
        "jobs/src/lib.rs",
        "pub static ALL: xtask_db::Migrator = xtask_db::embed_migrations!(table = \"_jobs\");\n",
    );
    fs::copy(repository().join("Cargo.lock"), scratch.path("jobs/Cargo.lock")).expect("a copy");
    scratch.migrations("jobs/migrations");
}

#[test]
fn a_packaged_library_builds_and_has_its_migrations() {
    let mut scratch = Scratch::empty();
    scratch.write(".cargo/config.toml", published());
    library(&scratch, "guard-packaged");
    scratch.also_builds("guard-packaged");
    let package = ["package", "--allow-dirty", "--manifest-path", "jobs/Cargo.toml"];
    let built = scratch.run(&package);
    assert!(built.ok, "{}", built.told);
    let archive = scratch.target().join("package/guard-packaged-0.1.0.crate");
    let listed = Command::new("tar").arg("tzf").arg(&archive).output().expect("tar starts");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    for file in ["migrations.lock", "1_users/migration.sql", "2_notes/migration.sql"] {
        assert!(listed.contains(&format!("guard-packaged-0.1.0/migrations/{file}")), "{listed}");
    }
    // what is left out of the package is missing where it is verified
    let manifest = scratch.read("jobs/Cargo.toml");
    let without = manifest.replace("license", "exclude = [\"migrations/2_notes\"]\nlicense");
    scratch.write("jobs/Cargo.toml", without);
    scratch.refuses_with(&package, &["XDB0202: the sealed migration 2_notes is missing"]);
}

#[test]
fn a_vendored_library_is_guarded_where_it_is() {
    let mut scratch = Scratch::empty();
    scratch.write(".cargo/config.toml", published() + VENDORED);
    library(&scratch, "guard-vendored");
    fs::create_dir(scratch.path("vendor")).expect("a folder");
    scratch.rename("jobs", "vendor/jobs");
    scratch.write("vendor/jobs/.cargo-checksum.json", "{\"files\":{},\"package\":null}");
    let manifest = package("guard-vendored-app")
        + "guard-vendored = { version = \"0.1\", registry = \"vendored\" }\n[workspace]\n";
    scratch.write("Cargo.toml", manifest);
    scratch.write("src/main.rs", listing_of("guard_vendored::ALL.migrations()"));
    scratch.also_builds("guard-vendored-app");
    scratch.also_builds("guard-vendored");

    let up = "vendor/jobs/migrations/1_users/migration.sql";
    let good = scratch.read(up);
    scratch.append(up, "SELECT 1;\n");
    scratch.refuses(&["XDB0201: the sealed migration 1_users was changed", up]);
    scratch.write(up, good);
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
}
