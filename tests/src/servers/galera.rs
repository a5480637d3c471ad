//! A throwaway Galera cluster: three MariaDB nodes on loopback, each a server of its own.
//!
//! Invariant: the nodes start one after the other and stop in the reverse order, so that the last
//! one to go is the one that the cluster began with.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use sqlx::{Connection, MySqlConnection, Row};

use super::daemon::{self, Daemon};
use super::packages::{Wanted, find};
use super::place::{Place, quiet_ports};
use super::{GALERA_URLS, ServerError};

const INSTALL: Wanted = wanted("mariadb-install-db", "mariadb-server");
const SERVE: Wanted = wanted("mariadbd", "mariadb-server");
const PROVIDER: Wanted = wanted("libgalera_smm.so", "galera-4");
/// How a node that joins gets the data of one that is there.
const TRANSFER: Wanted = wanted("rsync", "rsync");
/// Where Debian and where others keep the provider.
const PROVIDER_PLACES: [&str; 3] = [
    "/usr/lib/galera/libgalera_smm.so",
    "/usr/lib/galera-4/libgalera_smm.so",
    "/usr/lib64/galera-4/libgalera_smm.so",
];
const CONNECTIONS_MAX: u32 = 100;
const ANSWER_MAX: Duration = Duration::from_secs(5);
const USER: &str = "tests";
const PASSWORD: &str = "kept-out-of-every-output-ga";

const fn wanted(program: &'static str, package: &'static str) -> Wanted {
    Wanted { program, package, variable: GALERA_URLS }
}

/// A running cluster.
#[derive(Debug)]
pub struct Galera {
    // Dropped in this order.
    _third: Node,
    _second: Node,
    _first: Node,
    urls: [String; 3],
}

#[derive(Debug)]
struct Node {
    _daemon: Daemon,
    _place: Place,
}

impl Galera {
    /// Makes the data of a node under `target`, and starts it and two that join it.
    ///
    /// # Errors
    /// A program, the provider or the means of transfer is missing, or a node does not join.
    pub fn start(target: &Path) -> Result<Self, ServerError> {
        let programs = Programs::locate()?;
        let addresses = [Address::new()?, Address::new()?, Address::new()?];
        let [first, second, third] = &addresses;
        let _first = programs.begin(target, first)?;
        let _second = programs.join(target, second, &[first])?;
        let _third = programs.join(target, third, &[first, second])?;
        let urls = addresses.map(|address| address.url());
        Ok(Self { _third, _second, _first, urls })
    }

    /// The URLs of the nodes' `mysql` databases, with a user who has every right.
    #[must_use]
    pub const fn urls(&self) -> &[String; 3] {
        &self.urls
    }
}

struct Programs {
    install: PathBuf,
    serve: PathBuf,
    provider: PathBuf,
}

impl Programs {
    fn locate() -> Result<Self, ServerError> {
        TRANSFER.locate()?;
        let provider = || PROVIDER_PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
        Ok(Self {
            install: INSTALL.locate()?,
            serve: SERVE.locate()?,
            provider: PROVIDER.obtain(|| provider().or_else(|| find(PROVIDER.program)))?,
        })
    }

    /// The first node: it makes the cluster, the user and the data that the others take.
    fn begin(&self, target: &Path, address: &Address) -> Result<Node, ServerError> {
        let place = Place::new(target, "galera")?;
        let mut command = Command::new(&self.install);
        command.args(["--no-defaults", "--skip-test-db"]);
        command.arg("--auth-root-authentication-method=normal");
        command.arg(path_option("datadir", &place, "data")).current_dir(place.path());
        // See `--tmpdir` below: this is a server too.
        command.env("TMPDIR", place.path());
        daemon::run(command)?;
        let rights = format!(
            "CREATE USER IF NOT EXISTS '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n\
             GRANT ALL ON *.* TO '{USER}'@'127.0.0.1' WITH GRANT OPTION;\n"
        );
        place.write("rights.sql", &rights)?;
        let mut command = self.command(&place, address, "gcomm://");
        command.arg(path_option("init-file", &place, "rights.sql"));
        serve(command, place, address)
    }

    fn join(
        &self,
        target: &Path,
        address: &Address,
        members: &[&Address],
    ) -> Result<Node, ServerError> {
        let place = Place::new(target, "galera")?;
        place.folder("data")?;
        let members: Vec<String> =
            members.iter().map(|member| format!("127.0.0.1:{}", member.group)).collect();
        let command = self.command(&place, address, &format!("gcomm://{}", members.join(",")));
        serve(command, place, address)
    }

    fn command(&self, place: &Place, address: &Address, cluster: &str) -> Command {
        let Address { clients, group, increments, snapshots } = address;
        let mut command = daemon::command(&self.serve);
        command.args(["--no-defaults", "--skip-name-resolve", "--bind-address=127.0.0.1"]);
        command.args(["--performance-schema=OFF", "--innodb-buffer-pool-size=64M"]);
        command.args(["--innodb-log-file-size=48M", "--innodb-flush-log-at-trx-commit=0"]);
        command.args(["--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON"]);
        command.args(["--wsrep-sst-method=rsync", "--wsrep-cluster-name=tests"]);
        command.arg(format!("--wsrep-provider={}", self.provider.display()));
        command.arg(format!("--wsrep-cluster-address={cluster}"));
        command.arg(format!("--wsrep-node-address=127.0.0.1:{group}"));
        command.arg(format!("--wsrep-sst-receive-address=127.0.0.1:{snapshots}"));
        command.arg(format!(
            "--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{group};\
             ist.recv_addr=127.0.0.1:{increments};gcache.size=32M"
        ));
        command
            .arg(format!("--port={clients}"))
            .arg(format!("--max-connections={CONNECTIONS_MAX}"));
        command.arg(path_option("datadir", place, "data"));
        // A server that starts removes the temporary files of every other that shares the folder.
        command.arg(format!("--tmpdir={}", place.path().display()));
        command.arg(path_option("socket", place, "s"));
        command.arg(path_option("pid-file", place, "pid"));
        command.current_dir(place.path());
        command
    }
}

fn serve(command: Command, place: Place, address: &Address) -> Result<Node, ServerError> {
    let mut daemon = Daemon::start(command, place.join("log"), Signal::TERM)?;
    let url = address.url();
    daemon.wait_until(|| synced(&url))?;
    Ok(Node { _daemon: daemon, _place: place })
}

/// The ports of a node.
struct Address {
    clients: u16,
    group: u16,
    increments: u16,
    snapshots: u16,
}

impl Address {
    fn new() -> Result<Self, ServerError> {
        let [clients, group, increments, snapshots] = quiet_ports()?;
        Ok(Self { clients, group, increments, snapshots })
    }

    fn url(&self) -> String {
        format!("mysql://{USER}:{PASSWORD}@127.0.0.1:{}/mysql", self.clients)
    }
}

fn path_option(name: &str, place: &Place, file: &str) -> String {
    format!("--{name}={}", place.join(file).display())
}

/// Whether a node has all that the cluster has. Before that it accepts connections already.
fn synced(url: &str) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let question = async {
        let mut node = MySqlConnection::connect(url).await?;
        let ask = sqlx::raw_sql("SHOW STATUS LIKE 'wsrep_local_state_comment'");
        let state = ask.fetch_one(&mut node).await?.try_get_unchecked::<String, _>(1);
        node.close().await?;
        state
    };
    let answer = runtime.block_on(async { tokio::time::timeout(ANSWER_MAX, question).await });
    match answer.map_err(|_| "no answer".to_owned())?.map_err(|error| error.to_string())? {
        state if state == "Synced" => Ok(()),
        state => Err(format!("the node is {state}")),
    }
}
