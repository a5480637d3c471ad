static MIGRATIONS: xtask_db::Migrator = xtask_db::embed_migrations!("folders/no_lock");

fn main() {
    assert!(MIGRATIONS.migrations().is_empty());
}
