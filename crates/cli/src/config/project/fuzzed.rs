//! What must hold for any text as a configuration file. A fuzzer calls it, and so do the tests.

use std::path::Path;

use xtask_db_sql::Dialect;

use super::{Project, Variables, table};
use crate::args::Global;
use crate::config::KEYS;

/// Reads `text` as `--config` does, and asks for every setting, in each environment it has.
///
/// # Panics
/// Something that was accepted cannot be shown, or a database is taken from outside the
/// environment that was named.
pub fn configuration(text: &str) {
    let Ok(layer) = table(Path::new("config"), text).and_then(super::Layer::check) else { return };
    let environments = layer.values.get("env").and_then(|value| value.as_object());
    let named: Vec<String> = environments.into_iter().flat_map(|all| all.keys().cloned()).collect();
    for environment in named.into_iter().map(Some).chain([None]) {
        let global = Global { env: environment.clone(), ..Global::default() };
        let project = Project {
            root: Path::new("/project").to_owned(),
            package: None,
            environment: super::environment(&global, &Variables::default()),
            variables: Variables::default(),
            target: None,
            flags: serde_json::Map::new(),
            layers: vec![layer.clone()],
        };
        assert!(project.check_environment().is_ok());
        ask(&project);
        let own = environment.filter(|name| !name.is_empty());
        if let Some(own) = own.and_then(|name| layer.environment(&name)) {
            assert_eq!(project.text("url").is_some(), own.values.contains_key("url"));
        }
    }
}

fn ask(project: &Project) {
    for key in KEYS {
        let _ = project.list(key.name);
        if project.raw(key.name).is_some() {
            assert!(project.shown(key.name).is_some(), "{}", key.name);
        }
    }
    for provider in [None, Some(Dialect::Sqlite), Some(Dialect::Postgres), Some(Dialect::Mysql)] {
        if let Ok(url) = project.url(provider) {
            assert!(provider.is_none_or(|provider| provider == url.value.dialect()));
            let _ = (url.value.masked(), url.value.with_database("other").masked());
            let _ = (url.value.host(), url.value.database(), url.value.schema());
        }
    }
    let _ = (project.migrations(), project.seeds(), project.history_table());
    let _ = (project.shadow_url().is_ok(), project.protected(), project.backup().is_ok());
    let _ = (project.seed().is_ok(), project.session().is_ok(), project.scope());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fuzzers_seeds() {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/config");
        // A published crate has none.
        for seed in std::fs::read_dir(seeds).into_iter().flatten().flatten() {
            configuration(&std::fs::read_to_string(seed.path()).expect("a text"));
        }
    }

    #[test]
    fn texts_that_a_fuzzer_found() {
        configuration("");
        configuration("url = 1");
    }
}
