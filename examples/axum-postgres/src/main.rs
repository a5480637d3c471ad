//! A web service that brings its own database up to date before it answers.

mod routes;

use std::error::Error;

use sqlx::PgPool;
use xtask_db::{DeployOptions, Migrator};

/// The migrations, in the program. The build fails when a sealed one was edited.
pub static MIGRATIONS: Migrator = xtask_db::embed_migrations!();

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL").map_err(|_| "DATABASE_URL is not set")?;
    let listen = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());

    let pool = PgPool::connect(&url).await?;
    // Every replica calls this. One of them applies, the others wait for it.
    let report = MIGRATIONS.deploy(&pool, &DeployOptions::new("courses")).await?;
    for applied in &report.applied {
        println!("applied {}", applied.id);
    }

    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes::router(pool)).with_graceful_shutdown(interrupted()).await?;
    Ok(())
}

async fn interrupted() {
    // Without a handler for Ctrl-C the server runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
