//! A shop with two databases: its own, and the audit trail's.

use std::error::Error;

use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use xtask_db::{DeployOptions, Migrator};

static MIGRATIONS: Migrator = xtask_db::embed_migrations!("migrations");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let product = std::env::args().nth(1).ok_or("usage: shop PRODUCT")?;
    let shop = open("shop.db").await?;
    let trail = open("audit.db").await?;
    let options = DeployOptions::new("shop");
    MIGRATIONS.deploy(&shop, &options).await?;
    audit::MIGRATIONS.deploy(&trail, &options).await?;

    let ordered =
        sqlx::query("INSERT INTO orders (product_id) SELECT id FROM products WHERE name = ?")
            .bind(&product)
            .execute(&shop)
            .await?;
    if ordered.rows_affected() == 0 {
        return Err(format!("there is no {product}").into());
    }
    audit::record(&trail, &format!("ordered {product}")).await?;
    println!("ordered {product}; {} events in the trail", audit::count(&trail).await?);
    Ok(())
}

async fn open(file: &str) -> Result<SqlitePool, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    SqlitePool::connect_with(options).await
}
