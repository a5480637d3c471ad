//! Tasks of this repository: `cargo xtask <task>`.

mod bench;
mod chaos;
mod generate;
mod new_rule;
mod pairs;
mod repository;
mod servers;
mod stop;
mod test;
mod tidy;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Database migrations: from a draft to production.
    Db(xtask_db_cli::Db),
    /// Runs every test of the workspace against servers that are started for it.
    Test(test::Test),
    /// Measures this tool against its peers.
    Bench(bench::Bench),
    /// Tries faults by the hundred, and checks that nothing is lost.
    Chaos(chaos::Chaos),
    /// Leads each schema of a pair to the other on a real server.
    Pairs(pairs::Pairs),
    /// Checks what the compiler does not: headers, sizes, dependencies, pages.
    Tidy,
    /// Writes the pages that come from the code.
    Gen(generate::Gen),
    /// Writes the file, the test table and the page of a new rule of `lint`.
    NewRule(new_rule::NewRule),
    /// Starts the test servers, runs a command with their URLs, and stops them.
    Servers(servers::Servers),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Db(db) => return db.run(),
        Task::Test(task) => task.run(),
        Task::Bench(task) => task.run(),
        Task::Chaos(task) => task.run(),
        Task::Pairs(task) => task.run(),
        Task::Tidy => tidy::run().map(|()| ExitCode::SUCCESS),
        Task::Gen(task) => task.run(),
        Task::NewRule(task) => task.run(),
        Task::Servers(task) => task.run(),
    };
    done.unwrap_or_else(|problem| {
        drop(writeln!(std::io::stderr(), "error: {problem}"));
        ExitCode::FAILURE
    })
}
