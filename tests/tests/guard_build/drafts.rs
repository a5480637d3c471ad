//! Drafts: embedded while developing, refused in a release.

use crate::scratch::{Scratch, listing};

const DRAFT: &str = "migrations/3_tags/migration.sql";

#[test]
fn a_draft_in_debug_and_in_release() {
    let scratch = Scratch::new("guard-draft");
    scratch.write(DRAFT, "CREATE TABLE tags (id INTEGER);\n");
    scratch.builds("1_users 2_notes ?3_tags");
    let release = ["build", "--release"];
    scratch
        .refuses_with(&release, &["XDB0209", "3_tags", "cargo xtask db migrate", "drafts = true"]);
    // listed or not, it is a draft
    scratch.append("migrations/migrations.lock", "draft 3_tags\n");
    scratch.refuses_with(&release, &["XDB0209", "3_tags"]);
    scratch.builds("1_users 2_notes ?3_tags");

    scratch.write("src/main.rs", listing("drafts = true"));
    let built = scratch.run(&release);
    assert!(built.ok, "{}", built.told);
    scratch.embeds("release", "1_users 2_notes ?3_tags");

    scratch.write("src/main.rs", listing(""));
    scratch.seal("migrations");
    let built = scratch.run(&release);
    assert!(built.ok, "{}", built.told);
    scratch.embeds("release", "1_users 2_notes 3_tags");
}

#[test]
fn a_listed_draft_without_its_folder() {
    let scratch = Scratch::new("guard-draft-gone");
    scratch.append("migrations/migrations.lock", "draft 3_tags\n");
    scratch.builds("1_users 2_notes");
    // `deploy` would refuse the embedded lock file, so the build does
    scratch.refuses_with(&["build", "--release"], &["XDB0209", "3_tags"]);
}

#[test]
fn the_folder_is_not_named_in_a_release() {
    let scratch = Scratch::new("guard-folder");
    scratch.write(
        "src/main.rs",
        "static ALL: xtask_db::Migrator = xtask_db::embed_migrations!();\n\
         fn main() { println!(\"{}\", ALL.folder().unwrap_or(\"none\")) }\n",
    );
    assert!(scratch.run(&["build"]).ok);
    assert_eq!(scratch.listed_line(), scratch.path("migrations").to_string_lossy());
    assert!(scratch.run(&["build", "--release"]).ok);
    assert_eq!(scratch.listed("release"), [["none"]]);
}
