static MIGRATIONS: xtask_db::Migrator = xtask_db::embed_migrations!("folders/all_at_once");

fn main() {
    assert!(MIGRATIONS.migrations().is_empty());
}
