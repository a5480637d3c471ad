//! Each example is built and run, as a reader would who copied it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use xtask_db_tests::support::{Kind, Workspace};

const HTTP_MAX: Duration = Duration::from_secs(20);

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("this repository")
}

/// Cargo in an example, which shares what it builds with the other examples.
fn cargo(example: &str, words: &[&str]) -> Command {
    let folder = repository().join("examples").join(example);
    let lock = folder.join("Cargo.lock");
    if !lock.exists() {
        // The versions that this workspace was tested with.
        fs::copy(repository().join("Cargo.lock"), &lock).expect("a lock file");
    }
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(words).current_dir(folder).stdin(Stdio::null());
    command.env("CARGO_TARGET_DIR", target()).env_remove("DATABASE_URL");
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "XTASK_DB_"].iter().any(|p| name.starts_with(p)) {
            command.env_remove(name);
        }
    }
    command
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples")
}

#[track_caller]
fn succeed(mut command: Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn build(example: &str, package: &str) -> PathBuf {
    succeed(cargo(example, &["build", "--quiet", "--package", package]));
    target().join("debug").join(package)
}

#[test]
fn the_command_line_program_updates_its_own_file() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    let notes = build("sqlite-cli", "notes");
    let run = |words: &[&str]| {
        let mut command = ws.command(&notes);
        command.args(words);
        succeed(command)
    };
    run(&["add", "buy milk"]);
    run(&["add", "call home"]);
    run(&["done", "1"]);
    assert_eq!(run(&["list"]), "1 [x] buy milk\n2 [ ] call home\n");
}

#[test]
fn two_databases_live_in_one_workspace() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    let shop = build("two-databases", "shop");
    for events in 1..=2 {
        let mut command = ws.command(&shop);
        command.arg("tea");
        assert_eq!(succeed(command), format!("ordered tea; {events} events in the trail\n"));
    }
}

/// A service that is ended with the test.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn the_service_deploys_before_it_listens() {
    let Some(ws) = Workspace::bare(Kind::Postgres) else { return };
    let courses = build("axum-postgres", "courses");
    let mut command = ws.command(courses);
    command.env("LISTEN", "127.0.0.1:0").stdout(Stdio::piped());
    let mut service = Service(command.spawn().expect("the service starts"));
    let output = service.0.stdout.take().expect("piped");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let address = lines
        .find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned))
        .expect("it says where it listens");
    assert!(get(&address, "/health").starts_with("HTTP/1.1 200"));
    // A database that is behind what the program was built for.
    ws.database().execute("UPDATE _xtask_db_migrations SET rolled_back_at = now()");
    assert!(get(&address, "/health").starts_with("HTTP/1.1 503"));
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(HTTP_MAX)).expect("a timeout");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn the_tests_of_the_service_pass() {
    let Some(ws) = Workspace::bare(Kind::Postgres) else { return };
    let mut command = cargo("axum-postgres", &["test", "--quiet", "--package", "courses"]);
    command.env("DATABASE_URL", ws.database().url());
    let output = succeed(command);
    assert!(output.contains("test result: ok") && !output.contains(" 0 passed"), "{output}");
}
