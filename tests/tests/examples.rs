//! The examples: each is copied, built and run as a reader would.
//!
//! Invariant: the copies share one target folder and the versions of this workspace's lock file,
//! so that a run after the first compiles little.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use xtask_db_tests::support::{Database, Kind};

const ANSWER_MAX: Duration = Duration::from_secs(20);

/// A copy of an example.
struct Example {
    folder: PathBuf,
    target: PathBuf,
}

impl Example {
    fn copied(name: &str) -> Self {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a member's parent");
        let target = repository.join("target/examples");
        let folder = target.join("copies").join(name);
        copy(&repository.join("examples").join(name), &folder, repository);
        let lock = folder.join("Cargo.lock");
        if newer(&repository.join("Cargo.lock"), &lock) {
            fs::copy(repository.join("Cargo.lock"), lock).expect("the lock file is copied");
        }
        let example = Self { folder, target };
        // A repository of its own: this one ignores what is under target/.
        ok(example.command("git").args(["init", "--quiet"]));
        example
    }

    /// A command in the copy, with nothing of this test's environment that cargo would read.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            let of_cargo = text.starts_with("CARGO_") && text != "CARGO_HOME";
            if of_cargo || text.starts_with("XTASK_DB") || text == "DATABASE_URL" {
                command.env_remove(&name);
            }
        }
        command.env("CARGO_TARGET_DIR", &self.target).env("NO_COLOR", "1");
        command
    }

    fn cargo(&self, arguments: &str) -> Command {
        let mut command = self.command(env!("CARGO"));
        command.args(arguments.split(' '));
        command
    }

    fn program(&self, name: &str) -> Command {
        self.command(self.target.join("debug").join(name))
    }
}

/// stdout of a command that must succeed.
#[track_caller]
fn ok(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{stdout}\n{stderr}", output.status);
    stdout
}

/// Copies a folder, the paths to this repository's crates made absolute. A file that is the same
/// keeps its time, and what a run before this one left there goes.
fn copy(from: &Path, to: &Path, repository: &Path) {
    fs::create_dir_all(to).expect("a folder");
    let names = |folder: &Path| -> Vec<OsString> {
        let entries = fs::read_dir(folder).expect("a folder").flatten();
        entries.map(|entry| entry.file_name()).collect()
    };
    let kept = names(from);
    let stays = |name: &OsString| kept.contains(name) || name == "Cargo.lock" || name == ".git";
    for name in names(to).into_iter().filter(|name| !stays(name)) {
        let left = to.join(name);
        if left.is_dir() { fs::remove_dir_all(left) } else { fs::remove_file(left) }
            .expect("what is left of the last run is removed");
    }
    for name in kept.iter().filter(|name| *name != "Cargo.lock" && *name != "target") {
        let (from, to) = (from.join(name), to.join(name));
        if from.is_dir() {
            copy(&from, &to, repository);
            continue;
        }
        let text = fs::read_to_string(&from).expect("a text file");
        let crates = format!("path = \"{}/crates/", repository.display());
        let text = text.replace("path = \"../../../crates/", &crates);
        let text = text.replace("path = \"../../crates/", &crates);
        if fs::read_to_string(&to).ok().as_ref() != Some(&text) {
            fs::write(to, text).expect("the file is written");
        }
    }
}

fn newer(file: &Path, than: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    time(file) > time(than)
}

#[test]
fn sqlite_cli_keeps_notes() {
    let example = Example::copied("sqlite-cli");
    ok(&mut example.cargo("xtask db check"));
    ok(&mut example.cargo("build"));

    let notes = |arguments: &[&str]| ok(example.program("notes").args(arguments));
    notes(&["add", "buy milk"]);
    notes(&["add", "learn SQL"]);
    notes(&["done", "1"]);
    assert_eq!(notes(&["list"]), "1 [x] buy milk\n2 [ ] learn SQL\n");

    // The same database, by the program's own `db` command and by the workspace's tool.
    let inside = notes(&["db", "status", "--json", "--url", "sqlite:notes.db"]);
    let inside: serde_json::Value = serde_json::from_str(&inside).expect("JSON");
    assert_eq!(inside["up_to_date"], true, "{inside}");
    let outside = ok(&mut example.cargo("xtask db --url sqlite:notes.db --json status"));
    let outside: serde_json::Value = serde_json::from_str(&outside).expect("JSON");
    assert_eq!(outside["applied"], inside["applied"]);
}

#[test]
fn two_databases_have_a_history_each() {
    let example = Example::copied("two-databases");
    ok(&mut example.cargo("build"));
    let order = |example: &Example| ok(example.program("shop").arg("tea"));
    assert_eq!(order(&example), "ordered tea; 1 events in the trail\n");
    assert_eq!(order(&example), "ordered tea; 2 events in the trail\n");

    for (package, applied) in [("shop", 2), ("audit", 1)] {
        ok(&mut example.cargo(&format!("xtask db --package {package} check")));
        // Relative to the manifest of the package.
        let url = format!("sqlite:../{package}.db");
        let status = format!("xtask db --package {package} --url {url} --json status");
        let status: serde_json::Value =
            serde_json::from_str(&ok(&mut example.cargo(&status))).expect("JSON");
        assert_eq!(status["applied"].as_array().map(Vec::len), Some(applied), "{status}");
        assert_eq!(status["up_to_date"], true, "{status}");
    }
}

#[test]
fn axum_postgres_deploys_before_it_answers() {
    let nowhere = Path::new("");
    let Some(database) = Database::fresh(Kind::Postgres, nowhere) else { return };
    let example = Example::copied("axum-postgres");
    ok(&mut example.cargo("build"));

    let mut service = Service::start(&example, database.url());
    let health = service.request("GET /health", "");
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    assert!(health.contains(r#""up_to_date":true"#), "{health}");
    let made = service.request("POST /courses", r#"{"title":"Compilers"}"#);
    assert!(made.starts_with("HTTP/1.1 201"), "{made}");
    let listed = service.request("GET /courses", "");
    assert!(listed.contains("Compilers"), "{listed}");

    // The health route asks the database each time, so it sees what happens to it later.
    database.execute("DELETE FROM _xtask_db_migrations");
    let health = service.request("GET /health", "");
    assert!(health.starts_with("HTTP/1.1 503"), "{health}");
    service.stop();

    // Its own tests, on databases that sqlx makes.
    ok(example.cargo("test").env("DATABASE_URL", database.url()));
}

/// The service as a process, ended with the test.
struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn start(example: &Example, url: &str) -> Self {
        let mut child = example
            .program("courses")
            .env("DATABASE_URL", url)
            .env("LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut said = Vec::new();
        for line in lines.map_while(Result::ok) {
            if let Some(address) = line.strip_prefix("listening on http://") {
                return Self { child, address: address.to_owned() };
            }
            said.push(line);
        }
        panic!("the service ended: {:?}\n{}", child.wait(), said.join("\n"));
    }

    /// The whole answer to a request.
    fn request(&self, what: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(ANSWER_MAX)).expect("a limit");
        write!(
            stream,
            "{what} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    fn stop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}
