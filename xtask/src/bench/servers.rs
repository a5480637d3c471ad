//! Deploying 1,000 migrations, and having nothing to deploy, on one database.

use std::path::{Path, PathBuf};
use std::process::Command;

use xtask_db_tests::support::{Database, Kind};

use super::measure::{peak_kib, time};
use super::peer::{Peer, Work, program_without_settings};
use super::report::{Series, bound, ratio, say, table};

const DEPLOY_RATIO_MAX: f64 = 1.0;
const ATOMIC_RATIO_MAX: f64 = 0.4;
const NO_OP_RATIO_MAX: f64 = 1.0;
const PEAK_MIB_MAX: f64 = 30.0;
/// A run with nothing to do takes milliseconds; more rounds cost nothing.
const NO_OP_ROUNDS_TIMES: usize = 3;

/// One database, and the tools that are installed for it.
#[derive(Debug)]
pub(super) struct Contest<'a> {
    pub(super) title: &'static str,
    pub(super) kind: Kind,
    /// The server's URL; none for a file.
    pub(super) server: Option<String>,
    pub(super) ours: &'a Path,
    pub(super) folder: &'a Path,
    pub(super) migrations: usize,
    pub(super) rounds: usize,
}

#[derive(Debug)]
struct Entrant {
    peer: Peer,
    program: PathBuf,
    folder: PathBuf,
}

impl Contest<'_> {
    pub(super) fn run(&self) -> Result<(), String> {
        let entrants = self.entrants()?;
        let deploy = self.deploy(&entrants)?;
        let title = format!("{}: {} pending migrations", self.title, self.migrations);
        table(&title, Peer::Sqlx.name(), &deploy);
        if let Some(found) = ratio(&deploy, Peer::Ours.name(), Peer::Sqlx.name()) {
            bound("deploy against sqlx-cli", found, DEPLOY_RATIO_MAX, "x");
        }
        if let Some(found) = ratio(&deploy, Peer::OursAtomic.name(), Peer::Ours.name()) {
            bound("--atomic against our own default", found, ATOMIC_RATIO_MAX, "x");
        }
        self.peak(&entrants)?;
        self.no_op(&entrants)
    }

    /// Writes the histories and seals ours.
    pub(super) fn prepare(&self) -> Result<(), String> {
        self.entrants().map(drop)
    }

    fn database(&self) -> Database {
        match &self.server {
            None => {
                // An empty file, since not every tool makes it by itself.
                let database = Database::file(self.folder);
                database.create();
                database
            }
            Some(url) => Database::on_server(self.kind, url, url.clone()),
        }
    }

    fn entrants(&self) -> Result<Vec<Entrant>, String> {
        let sample = self.server.as_deref().unwrap_or("sqlite:");
        let mut entrants = Vec::new();
        for peer in Peer::ALL {
            let Some(program) = peer.program(self.ours, sample) else {
                say(&format!("{} is not installed, left out", peer.name()));
                continue;
            };
            let folder = self.folder.join(format!("{:?}", peer.layout()));
            if !folder.exists() {
                peer.layout().write(self.folder, self.migrations)?;
            }
            entrants.push(Entrant { peer, program, folder });
        }
        self.seal(&entrants)?;
        Ok(entrants)
    }

    fn seal(&self, entrants: &[Entrant]) -> Result<(), String> {
        let Some(ours) = entrants.iter().find(|entrant| entrant.peer == Peer::Ours) else {
            return Ok(());
        };
        let lock =
            format!("version 1\nprovider {}\ntable _xtask_db_migrations\n", self.kind.provider());
        let path = ours.folder.join("migrations/migrations.lock");
        std::fs::write(&path, lock).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut command = program_without_settings(&ours.program);
        command.arg("lock").current_dir(&ours.folder);
        time(command).map(drop)
    }

    fn deploy(&self, entrants: &[Entrant]) -> Result<Vec<Series>, String> {
        let mut series: Vec<Series> =
            entrants.iter().map(|entrant| Series::new(entrant.peer.name())).collect();
        // One round more: the first warms caches and is not counted.
        for round in 0..=self.rounds {
            for (entrant, series) in entrants.iter().zip(&mut series) {
                let database = self.database();
                let took = time(self.command(entrant, Work::Deploy, &database)?)?;
                self.check_applied(&database, entrant.peer)?;
                if round > 0 {
                    series.times.push(took);
                }
                done_with(database);
            }
        }
        Ok(series)
    }

    fn check_applied(&self, database: &Database, peer: Peer) -> Result<(), String> {
        let last = format!("table_{}", self.migrations);
        if database.has_table(&last) {
            return Ok(());
        }
        Err(format!("{} ended well, and {last} is not there", peer.name()))
    }

    fn command(
        &self,
        entrant: &Entrant,
        work: Work,
        database: &Database,
    ) -> Result<Command, String> {
        let command = entrant.peer.command(&entrant.program, work, database.url());
        let mut command =
            command.ok_or_else(|| format!("{} cannot {work:?}", entrant.peer.name()))?;
        command.current_dir(&entrant.folder);
        Ok(command)
    }

    fn peak(&self, entrants: &[Entrant]) -> Result<(), String> {
        say(&format!("\n{}: peak memory while deploying", self.title));
        for entrant in entrants {
            let database = self.database();
            let kib = peak_kib(self.command(entrant, Work::Deploy, &database)?)?;
            let mib = f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0;
            if matches!(entrant.peer, Peer::Ours | Peer::OursAtomic) {
                bound(entrant.peer.name(), mib, PEAK_MIB_MAX, "MiB");
            } else {
                say(&format!("  {}: {mib:.2} MiB", entrant.peer.name()));
            }
            done_with(database);
        }
        Ok(())
    }

    /// Each tool runs once more where it has applied everything.
    fn no_op(&self, entrants: &[Entrant]) -> Result<(), String> {
        let status = format!("{} status", Peer::Ours.name());
        let mut jobs = Vec::new();
        for entrant in entrants {
            if matches!(entrant.peer, Peer::OursAtomic | Peer::Client) {
                continue;
            }
            let database = self.database();
            time(self.command(entrant, Work::Deploy, &database)?)?;
            jobs.push((entrant, Work::Deploy, database, Series::new(entrant.peer.name())));
            if entrant.peer == Peer::Ours {
                let database = self.database();
                time(self.command(entrant, Work::Deploy, &database)?)?;
                jobs.push((entrant, Work::Status, database, Series::new(status.clone())));
            }
        }
        for round in 0..=self.rounds * NO_OP_ROUNDS_TIMES {
            for (entrant, work, database, series) in &mut jobs {
                let took = time(self.command(entrant, *work, database)?)?;
                if round > 0 {
                    series.times.push(took);
                }
            }
        }
        let (databases, series): (Vec<Database>, Vec<Series>) =
            jobs.into_iter().map(|(_, _, database, series)| (database, series)).unzip();
        let title = format!("{}: nothing to do, {} applied", self.title, self.migrations);
        table(&title, Peer::Sqlx.name(), &series);
        for name in [Peer::Ours.name(), &status] {
            if let Some(found) = ratio(&series, name, Peer::Sqlx.name()) {
                bound(&format!("{name} against sqlx-cli"), found, NO_OP_RATIO_MAX, "x");
            }
        }
        databases.into_iter().for_each(done_with);
        Ok(())
    }
}

/// A file is removed; the server is thrown away with all of its databases.
fn done_with(database: Database) {
    if database.kind() == Kind::Sqlite {
        database.remove();
    }
    database.leave();
}
