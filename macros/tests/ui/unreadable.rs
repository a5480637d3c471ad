static MIGRATIONS: xtask_db::Migrator = xtask_db::embed_migrations!("folders/unreadable");

fn main() {
    assert!(MIGRATIONS.migrations().is_empty());
}
