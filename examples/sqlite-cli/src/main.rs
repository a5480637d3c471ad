//! A command-line program that keeps its notes in SQLite, and its database up to date by itself.

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use xtask_db::{DeployOptions, Migrator};

static MIGRATIONS: Migrator = xtask_db::embed_migrations!();

#[derive(Parser)]
#[command(name = "notes")]
struct Notes {
    /// The file.
    #[arg(long, env = "NOTES_DB", default_value = "notes.db", global = true)]
    file: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Adds a note.
    Add { text: String },
    /// Ticks a note off.
    Done { id: i64 },
    /// Lists the notes.
    List,
}

fn main() -> ExitCode {
    // `notes db status`, `notes db resolve …`: on the migrations in this program.
    if let Some(code) = xtask_db_cli::embedded(&MIGRATIONS) {
        return code;
    }
    match run(Notes::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("notes: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn run(notes: Notes) -> Result<(), Box<dyn Error>> {
    let options = SqliteConnectOptions::new().filename(&notes.file).create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await?;
    // A user who updates the program gets the new schema the next time it runs.
    MIGRATIONS.deploy(&pool, &DeployOptions::new("notes")).await?;

    match notes.command {
        Command::Add { text } => {
            sqlx::query("INSERT INTO notes (text) VALUES (?)").bind(text).execute(&pool).await?;
        }
        Command::Done { id } => {
            let done = sqlx::query("UPDATE notes SET done_at = CURRENT_TIMESTAMP WHERE id = ?")
                .bind(id)
                .execute(&pool)
                .await?;
            if done.rows_affected() == 0 {
                return Err(format!("there is no note {id}").into());
            }
        }
        Command::List => {
            let all: Vec<(i64, String, bool)> =
                sqlx::query_as("SELECT id, text, done_at IS NOT NULL FROM notes ORDER BY id")
                    .fetch_all(&pool)
                    .await?;
            for (id, text, done) in all {
                println!("{id} [{}] {text}", if done { 'x' } else { ' ' });
            }
        }
    }
    Ok(())
}
