//! Real folders, the harmless and the hostile.

use std::ffi::OsStr;

use super::*;

/// A tree from `path` (empty file), `path=text` and `path/`.
fn tree(words: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for word in words {
        let (name, text) = word.split_once('=').unwrap_or((word, ""));
        let path = root.path().join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    root
}

/// The ids, or the problems with the folder's own path left out.
fn shown(dir: &Path) -> Result<String, Vec<String>> {
    let parent = format!("{}/", dir.parent().unwrap().display());
    match read_folder(dir) {
        Ok(all) => Ok(all.iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(", ")),
        Err(problems) => {
            Err(problems.iter().map(|it| it.to_string().replace(&parent, "")).collect())
        }
    }
}

fn check(words: &[&str], expected: Result<&str, &[&str]>) {
    let root = tree(words);
    let dir = root.path().join("m");
    let expected = expected.map(str::to_owned);
    let expected = expected.map_err(|all| all.iter().map(|&one| one.to_owned()).collect());
    assert_eq!(shown(&dir), expected, "{words:?}");
}

#[test]
fn read_in_order() {
    check(&["m/"], Ok(""));
    check(
        &["m/20260102_b/migration.sql", "m/20260101 A ü/migration.sql", "m/0_init/migration.sql"],
        Ok("0_init, 20260101 A ü, 20260102_b"),
    );
    check(
        &[
            "m/1_a/migration.sql",
            "m/1_a/notes.txt",
            "m/1_a/up.sql",
            "m/1_a/old/x.sql",
            "m/README.md",
            "m/migrations.lock",
            "m/migration_lock.toml",
            "m/.gitkeep",
            "m/.hidden.sql",
            "m/.git/x",
            "m/.tmp-1-2_b/migration.sql=\0",
        ],
        Ok("1_a"),
    );
}

#[test]
fn every_problem() {
    check(&["m/0001_a.sql"], Err(&["m/0001_a.sql is a migration of another tool's layout"]));
    check(&["m/a.SQL"], Err(&["m/a.SQL is a migration of another tool's layout"]));
    check(&["m/1_a/"], Err(&["m/1_a has no migration.sql"]));
    check(&["m/stray/"], Err(&["m/stray has no migration.sql"]));
    check(&["m/1_a/up.sql", "m/1_a/down.sql"], Err(&["m/1_a has no migration.sql"]));
    check(&["m/1_a/migration.sql/"], Err(&["m/1_a/migration.sql is a folder in a file's place"]));
    check(
        &[
            "m/1_a/migration.sql=SELECT '\0'",
            "m/1_a/verify.sql=\0",
            "m/no/migration.sql",
            "m/x.sql",
        ],
        Err(&[
            "m/1_a/migration.sql: byte 8 is NUL",
            "m/1_a/verify.sql: byte 0 is NUL",
            "m/no: the name has no version: a timestamp or a sequence number",
            "m/x.sql is a migration of another tool's layout",
        ]),
    );
    let none = read_folder(&tempfile::tempdir().unwrap().path().join("none")).unwrap_err();
    assert!(matches!(&none[..], [FolderError::Io { .. }]), "{none:?}");
    let file = tree(&["m"]);
    assert!(matches!(
        &read_folder(&file.path().join("m")).unwrap_err()[..],
        [FolderError::Io { .. }]
    ));
}

#[test]
fn names_alike() {
    check(
        &["m/1_a/migration.sql", "m/1_A/migration.sql"],
        Err(&["1_A and 1_a differ only in case"]),
    );
    check(
        &["m/1_\u{e9}/migration.sql", "m/1_e\u{301}/migration.sql"],
        Err(&["1_e\u{301} and 1_\u{e9} differ only in Unicode form"]),
    );
}

#[test]
fn contents() {
    let root = tree(&[
        "m/1_a/migration.sql=\u{feff}SELECT 1;\r\nSELECT 2;\r",
        "m/1_a/down.sql=d\r\n",
        "m/1_a/verify.sql=v",
        "m/1_a/backfill.sql=b",
        "m/1_a/README.md=r\r\n",
    ]);
    fs::write(root.path().join("m/1_a/README.md"), b"r\xff\r\n").unwrap();
    let dir = format!("{}/m", root.path().display());
    let one = read_folder(Path::new(&dir)).unwrap().remove(0);
    let file = |name: &str, text: &str| SqlFile {
        path: format!("{dir}/1_a/{name}").into(),
        text: text.to_owned().into(),
    };
    assert_eq!(one.up, file("migration.sql", "SELECT 1;\nSELECT 2;\n"));
    assert_eq!(one.checksum, Checksum::of("SELECT 1;\nSELECT 2;\n"));
    assert_eq!(one.down, Some(file("down.sql", "d\n")));
    assert_eq!(one.verify, Some(file("verify.sql", "v")));
    assert_eq!(one.backfill, Some(file("backfill.sql", "b")));
    assert_eq!(one.readme.as_deref(), Some("r\u{fffd}\r\n"));
    assert_eq!(read_folder(&root.path().join("m/")).unwrap(), [one]);
}

/// However a file is saved, here and where it was applied, it is the same migration.
#[test]
fn no_saved_form_is_an_edit() {
    use sha2::{Digest, Sha256};

    let text = "-- größe\nSELECT 1;\n\nSELECT '☃';\n";
    let forms = ["\n", "\r\n"].into_iter().flat_map(|end| {
        let text = text.replace('\n', end);
        [format!("\u{feff}{text}"), text]
    });
    let forms: Vec<String> = forms.collect();
    for disk in forms.iter().chain([&text.replace('\n', "\r")]) {
        let root = tree(&[&format!("m/1_a/migration.sql={disk}")]);
        let migrations = read_folder(&root.path().join("m")).unwrap();
        for applied in &forms {
            let mut rows = crate::scenario::ledger("a");
            rows[0].name = "1_a".to_owned();
            rows[0].checksum = format!("{:x}", Sha256::digest(applied));
            for sealed in [false, true] {
                let mut lock = crate::LockFile::new(xtask_db_sql::Dialect::Sqlite, "t");
                if sealed {
                    lock.seal(&migrations[0]);
                }
                let history = crate::History { migrations: migrations.clone(), lock };
                let found = crate::survey(&history, &rows, false);
                assert!(found.up_to_date(), "{disk:?} {applied:?} {found:?}");
            }
        }
    }
}

#[test]
fn a_file_beyond_the_limit_is_not_read() {
    let root = tree(&["m/1_a/migration.sql"]);
    let path = root.path().join("m/1_a/migration.sql");
    // sparse: it takes no room
    File::options().write(true).open(path).unwrap().set_len(FILE_BYTES_MAX + 1).unwrap();
    let expected = vec!["m/1_a/migration.sql is a file of more than 1 GiB".to_owned()];
    assert_eq!(shown(&root.path().join("m")), Err(expected));
}

#[test]
fn written_whole() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("m");
    let id: MigrationId = "20260101000000_a".parse().unwrap();
    let files = [("migration.sql", "SELECT 1;\n"), ("down.sql", "SELECT 2;\n")];
    assert_eq!(write_migration(&dir, &id, &files).unwrap(), dir.join("20260101000000_a"));
    let read = read_folder(&dir).unwrap();
    assert_eq!((&read[0].id, read[0].up.text.as_ref()), (&id, "SELECT 1;\n"));
    assert_eq!(read[0].down.as_ref().unwrap().text, "SELECT 2;\n");

    let io_kind = |result: Result<PathBuf, FolderError>| match result.unwrap_err() {
        FolderError::Io { source, .. } => source.kind(),
        other => panic!("{other}"),
    };
    assert_eq!(io_kind(write_migration(&dir, &id, &[])), io::ErrorKind::AlreadyExists);
    fs::create_dir(dir.join("2_empty")).unwrap();
    let empty = write_migration(&dir, &"2_empty".parse().unwrap(), &files);
    assert_eq!(io_kind(empty), io::ErrorKind::AlreadyExists);
    let outside = write_migration(&dir, &"3".parse().unwrap(), &[("../x.sql", "")]);
    assert_eq!(io_kind(outside), io::ErrorKind::InvalidInput);
    // a fault on the way leaves nothing
    let twice = write_migration(&dir, &"3".parse().unwrap(), &[files[0], files[0]]);
    assert_eq!(io_kind(twice), io::ErrorKind::AlreadyExists);
    let mut names: Vec<_> = fs::read_dir(&dir).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [OsStr::new("20260101000000_a"), OsStr::new("2_empty")]);
}

/// Links, FIFOs, names that are not UTF-8.
#[cfg(unix)]
mod unix {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    fn check(links: &[(&str, &str)], expected: Result<&str, &[&str]>) {
        let root = tree(&["m/1_a/migration.sql=SELECT 1;", "out/migration.sql", "out.sql"]);
        let dir = root.path().join("m");
        for (target, link) in links {
            fs::create_dir_all(dir.join(link).parent().unwrap()).unwrap();
            symlink(target, dir.join(link)).unwrap();
        }
        let expected = expected.map(str::to_owned);
        let expected = expected.map_err(|all| all.iter().map(|&one| one.to_owned()).collect());
        assert_eq!(shown(&dir), expected, "{links:?}");
    }

    #[test]
    fn links_inside_are_followed() {
        check(&[("1_a", "2_b")], Ok("1_a, 2_b"));
        check(&[("../1_a/migration.sql", "2_b/migration.sql")], Ok("1_a, 2_b"));
        check(&[("1_a/migration.sql", "README.md")], Ok("1_a"));
        check(&[("1_a/../../m/./1_a", "2_b")], Ok("1_a, 2_b"));
        check(&[(".", "2_b")], Err(&["m/2_b has no migration.sql"]));
    }

    #[test]
    fn links_out_are_refused() {
        let out = "is a symlink that leaves the migrations folder";
        let nowhere = "is a symlink that leads nowhere";
        check(&[("../out", "2_b")], Err(&[&format!("m/2_b {out}")]));
        check(&[("/etc", "2_b")], Err(&[&format!("m/2_b {out}")]));
        check(&[("../../out.sql", "1_a/down.sql")], Err(&[&format!("m/1_a/down.sql {out}")]));
        check(&[("../../out.sql", "1_a/x")], Err(&[&format!("m/1_a/x {out}")]));
        check(&[("../out.sql", "README.md")], Err(&[&format!("m/README.md {out}")]));
        check(
            &[("../out.sql", "link"), ("link", "2_b")],
            Err(&[&format!("m/2_b {out}"), &format!("m/link {out}")]),
        );
        check(&[("..", "2_b")], Err(&[&format!("m/2_b {out}")]));
        check(&[("none", "2_b")], Err(&[&format!("m/2_b {nowhere}")]));
        check(&[("2_b", "2_b")], Err(&[&format!("m/2_b {nowhere}")]));
    }

    #[test]
    fn the_folder_itself_may_be_a_link() {
        let root = tree(&["real/1_a/migration.sql"]);
        symlink("real", root.path().join("m")).unwrap();
        assert_eq!(shown(&root.path().join("m")), Ok("1_a".to_owned()));
    }

    #[test]
    fn nothing_is_waited_for() {
        let root = tree(&["m/1_a/", "m/2_b/migration.sql"]);
        let dir = root.path().join("m");
        let fifo = |path: &str| {
            let made = std::process::Command::new("mkfifo").arg(dir.join(path)).status();
            assert!(made.unwrap().success());
        };
        fifo("1_a/migration.sql");
        fifo("2_b/README.md");
        fifo("pipe");
        let _socket = UnixListener::bind(dir.join("2_b/s")).unwrap();
        symlink("pipe", dir.join("link")).unwrap();
        let expected = ["1_a/migration.sql", "2_b/README.md", "2_b/s", "link", "pipe"];
        let expected = expected.map(|path| format!("m/{path} is not a regular file"));
        assert_eq!(shown(&dir), Err(expected.to_vec()));
        fs::rename(dir.join("pipe"), dir.join(crate::LOCK_FILE)).unwrap();
        assert!(matches!(crate::LockFile::read(&dir), Err(crate::LockError::Io { .. })));
    }

    #[test]
    fn names_that_are_not_utf8() {
        let root = tree(&["m/"]);
        let dir = root.path().join("m");
        let made = fs::create_dir(dir.join(OsStr::from_bytes(b"1_\xff")));
        if made.is_err() {
            return; // this file system stores no such name
        }
        fs::write(dir.join(OsStr::from_bytes(b"1_\xff/migration.sql")), "").unwrap();
        fs::write(dir.join(OsStr::from_bytes(b"\xff.sql")), "").unwrap();
        let expected = [
            "m/1_\u{fffd}: the name has bytes that are not UTF-8",
            "m/\u{fffd}.sql is a migration of another tool's layout",
        ];
        assert_eq!(shown(&dir), Err(expected.map(str::to_owned).to_vec()));
    }

    /// Each ASCII character at the start, inside and at the end of a name.
    #[test]
    fn hostile_names() {
        let root = tree(&["m/"]);
        let dir = root.path().join("m");
        let chars = (1..=0x7f).map(char::from).filter(|c| *c != '/');
        let names = chars.flat_map(|c| [format!("{c}1_x"), format!("1{c}x"), format!("1_x{c}")]);
        for name in names {
            let folder = dir.join(&name);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("migration.sql"), "").unwrap();
            let expected = match name.parse::<MigrationId>() {
                Err(_) if name.starts_with('.') => Ok(String::new()),
                Err(problem) => Err(vec![format!("m/{}: {problem}", crate::error::visible(&name))]),
                Ok(_) => Ok(name.clone()),
            };
            assert_eq!(shown(&dir), expected, "{name:?}");
            assert!(!format!("{expected:?}").contains('\u{1b}'));
            fs::remove_dir_all(folder).unwrap();
        }
    }
}
