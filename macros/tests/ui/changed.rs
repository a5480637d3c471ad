static MIGRATIONS: xtask_db::Migrator = xtask_db::embed_migrations!("folders/changed");

fn main() {
    assert!(MIGRATIONS.migrations().is_empty());
}
