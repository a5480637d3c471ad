static MIGRATIONS: xtask_db::Migrator = xtask_db::embed_migrations!("folders/newer_word");

fn main() {
    assert!(MIGRATIONS.migrations().is_empty());
}
