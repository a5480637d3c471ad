static MIGRATIONS: xtask_db::Migrator = xtask_db::embed_migrations!(draft = true);

fn main() {
    assert!(MIGRATIONS.migrations().is_empty());
}
