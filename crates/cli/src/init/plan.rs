//! Which files `init` creates and edits, as a value; and writing them.

use std::fs;
use std::path::Path;

use toml_edit::DocumentMut;
use xtask_db_history::LockFile;

use super::tree::{io_problem, manifest_of};
use super::xtask::{add_member, config_path, parse, xtask};
use super::{Problem, Request, Tree, cargo_config, excluded, lines, manifest, templates};
use crate::place;

/// What `init` does.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// In the order in which they are written: the manifest that makes the rest count comes last.
    pub(crate) steps: Vec<Step>,
    /// What is there already, one line each.
    pub(crate) kept: Vec<String>,
    /// What a person should know, one line each.
    pub(crate) notes: Vec<String>,
    /// What a person does next, in order.
    pub(crate) next: Vec<String>,
}

/// A file that is created or edited.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Relative to the workspace's root.
    pub(crate) path: String,
    /// What is added, for people.
    pub(crate) what: String,
    /// The text that is there; none: the file is created.
    pub(crate) before: Option<String>,
    /// The text afterwards.
    pub(crate) after: String,
}

/// Plans what is missing. `git_ignores` names the rule by which git ignores a path.
///
/// # Errors
/// Every problem, not only the first.
pub(crate) fn plan(
    tree: &Tree,
    request: &Request,
    git_ignores: &dyn Fn(&str) -> Option<String>,
) -> Result<Plan, Vec<Problem>> {
    let mut problems = ignored(tree, request, git_ignores);
    let mut plan = Plan::default();
    for part in [xtask, lock_file, attributes, ignores, cargo, manifests] {
        if let Err(problem) = part(tree, request, &mut plan) {
            problems.push(problem);
        }
    }
    embedding(request, &mut plan);
    if problems.is_empty() { Ok(plan) } else { Err(problems) }
}

/// Writes files.
///
/// # Errors
/// A file changed since the plan was made, or cannot be written; those before it are written.
pub(crate) fn write(root: &Path, steps: &[Step]) -> Result<(), Problem> {
    steps.iter().try_for_each(|step| {
        let path = root.join(&step.path);
        if fs::read_to_string(&path).ok() != step.before {
            return Err(Problem::Changed { path: step.path.clone() });
        }
        place::replace(&path, step.after.as_bytes()).map_err(io_problem)
    })
}

/// Files that must reach other people and images, and do not.
fn ignored(
    tree: &Tree,
    request: &Request,
    git_ignores: &dyn Fn(&str) -> Option<String>,
) -> Vec<Problem> {
    let lock = lock_path(request);
    let sql = format!("{}/20260102030405_example/migration.sql", request.migrations);
    let mut problems = Vec::new();
    if let Some((path, rule)) =
        [&lock, &sql].into_iter().find_map(|path| Some((path, git_ignores(path)?)))
    {
        problems.push(Problem::GitIgnored { path: path.clone(), rule });
    }
    for (file, text) in tree.texts.iter().filter(|(file, _)| file.ends_with(".dockerignore")) {
        if let Some((path, rule)) =
            [&lock, &sql].into_iter().find_map(|path| Some((path, excluded(text, path)?)))
        {
            problems.push(Problem::DockerIgnored {
                file: file.clone(),
                line: rule.line,
                pattern: rule.pattern,
                path: path.clone(),
            });
        }
    }
    problems
}

fn lock_file(tree: &Tree, request: &Request, plan: &mut Plan) -> Result<(), Problem> {
    let path = lock_path(request);
    if let Some(text) = tree.text(&path) {
        let problem = |problem: String| Problem::Lock { path: path.clone(), problem };
        let lock = LockFile::parse(text).map_err(|error| problem(error.to_string()))?;
        if lock.provider != request.dialect {
            let (found, given) = (lock.provider, request.dialect);
            return Err(Problem::Provider { path, found, given });
        }
        plan.kept.push(path);
        plan.next.push("cargo xtask db status".into());
    } else if let Some(tool) = tree.other_tool {
        let notes = format!("{} was made with {tool}; `adopt` takes it over", request.migrations);
        plan.notes.push(notes);
        plan.next.push(format!("cargo xtask db adopt --from {tool} --dry-run"));
    } else {
        let lock = LockFile::new(request.dialect, &request.table);
        plan.create(tree, &path, "the lock file, empty", lock.to_string());
        plan.next.push("cargo xtask db new create_users, then cargo xtask db migrate".into());
    }
    Ok(())
}

fn attributes(tree: &Tree, request: &Request, plan: &mut Plan) -> Result<(), Problem> {
    let lines = templates::attributes(&request.migrations);
    plan.add_lines(tree, ".gitattributes", templates::ATTRIBUTES, &lines);
    Ok(())
}

fn ignores(tree: &Tree, request: &Request, plan: &mut Plan) -> Result<(), Problem> {
    if request.dialect == xtask_db_sql::Dialect::Sqlite {
        let dir = request.package.as_ref().map_or("", |(_, dir)| dir.as_str());
        let at = if dir.is_empty() { "/dev.db".to_owned() } else { format!("/{dir}/dev.db") };
        let lines = [at.clone(), format!("{at}-*")];
        plan.add_lines(tree, ".gitignore", "# The development database.", &lines);
    }
    Ok(())
}

fn cargo(tree: &Tree, request: &Request, plan: &mut Plan) -> Result<(), Problem> {
    let path = config_path(tree);
    let mut document = parse(tree, path)?;
    let mut added = Vec::new();
    if cargo_config::add_alias(&mut document, templates::ALIAS) {
        added.push("the alias `cargo xtask`".to_owned());
    }
    let name = request.package.as_ref().map(|(name, _)| name.as_str());
    let variable = cargo_config::variable(name);
    match cargo_config::add_env(&mut document, &variable, &request.migrations) {
        Ok(true) => added.push(format!("{variable}, the folder that builds watch")),
        Ok(false) => {}
        Err(other) => plan.notes.push(format!(
            "{variable} in {path} is {other:?}, not a relative {:?}: left as it is, builds watch \
             what it names",
            request.migrations
        )),
    }
    plan.edit(tree, path, &added, &document);
    Ok(())
}

fn manifests(tree: &Tree, request: &Request, plan: &mut Plan) -> Result<(), Problem> {
    let path = request.package.as_ref().map_or("Cargo.toml".into(), |(_, dir)| manifest_of(dir));
    let owner = if request.package.is_some() { "package" } else { "workspace" };
    let dir = path.strip_suffix("Cargo.toml").unwrap_or_default();
    let below = request.migrations.strip_prefix(dir).unwrap_or(&request.migrations);
    let toml = |path: &str, problem| Problem::Toml { path: path.to_owned(), problem };

    let mut document = parse(tree, &path)?;
    let mut added = Vec::new();
    let is_root = path == "Cargo.toml";
    let settings = templates::settings(request, below);
    // the member first: a `[workspace]` it makes stands before `[workspace.metadata.db]`
    if is_root {
        added.extend(add_member(tree, &mut document, plan)?);
    }
    if manifest::add_settings(&mut document, owner, &settings).map_err(|e| toml(&path, e))? {
        added.push(format!("[{owner}.metadata.db]"));
    }
    plan.edit(tree, &path, &added, &document);
    if !is_root {
        let mut root = parse(tree, "Cargo.toml")?;
        let added: Vec<String> = add_member(tree, &mut root, plan)?.into_iter().collect();
        plan.edit(tree, "Cargo.toml", &added, &root);
    }
    Ok(())
}

fn embedding(request: &Request, plan: &mut Plan) {
    let feature = templates::feature(request.dialect);
    plan.next.push(format!(
        "to embed the migrations in a crate: cargo add xtask-db --features deploy,{feature}, \
         and\n    pub static MIGRATIONS: xtask_db::Migrator = xtask_db::embed_migrations!();"
    ));
}

fn lock_path(request: &Request) -> String {
    format!("{}/{}", request.migrations, xtask_db_history::LOCK_FILE)
}

impl Plan {
    /// A file that an earlier run made is kept, as is one that a person made.
    pub(super) fn create(&mut self, tree: &Tree, path: &str, what: &str, after: String) {
        match tree.text(path) {
            Some(text) if text == after => self.kept.push(path.to_owned()),
            Some(_) => self.notes.push(format!("{path} is there already and is left as it is")),
            None => {
                let (path, what) = (path.to_owned(), what.to_owned());
                self.steps.push(Step { path, what, before: None, after });
            }
        }
    }

    pub(super) fn edit(
        &mut self,
        tree: &Tree,
        path: &str,
        added: &[String],
        document: &DocumentMut,
    ) {
        if added.is_empty() {
            self.kept.push(path.to_owned());
            return;
        }
        self.steps.push(Step {
            path: path.to_owned(),
            what: added.join(", "),
            before: tree.text(path).map(str::to_owned),
            after: document.to_string(),
        });
    }

    fn add_lines(&mut self, tree: &Tree, path: &str, why: &str, added: &[String]) {
        let before = tree.text(path);
        match lines::with_lines(before, why, added) {
            None => self.kept.push(path.to_owned()),
            Some(after) => self.steps.push(Step {
                path: path.to_owned(),
                what: added.join(", "),
                before: before.map(str::to_owned),
                after,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    fn request() -> Request {
        Request {
            dialect: Dialect::Sqlite,
            migrations: "migrations".into(),
            package: None,
            table: "_xtask_db_migrations".into(),
            version: "1.2.3".into(),
            source: None,
        }
    }

    fn tree(files: &[(&str, &str)], members: &[(&str, &str)]) -> Tree {
        let owned = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
        };
        Tree { texts: owned(files), members: owned(members), other_tool: None }
    }

    /// The steps, then what comes next, in few words. A second run must have nothing to do.
    fn check(tree: &Tree, request: &Request, expected: &[&str]) {
        let made = plan(tree, request, &|_| None).unwrap();
        let verb = |step: &Step| if step.before.is_none() { "create" } else { "edit" };
        let shown: Vec<String> =
            made.steps.iter().map(|step| format!("{} {}", verb(step), step.path)).collect();
        assert_eq!(shown, expected);
        for cut in 0..=made.steps.len() {
            let mut after = tree.clone();
            let write = |tree: &mut Tree, steps: &[Step]| {
                for step in steps {
                    assert_eq!(tree.texts.get(&step.path), step.before.as_ref());
                    tree.texts.insert(step.path.clone(), step.after.clone());
                }
            };
            write(&mut after, &made.steps[..cut]);
            let rest = plan(&after, request, &|_| None).unwrap();
            write(&mut after, &rest.steps);
            let mut whole = tree.clone();
            write(&mut whole, &made.steps);
            assert_eq!(after.texts, whole.texts, "cut after {cut}");
            assert_eq!(plan(&after, request, &|_| None).unwrap().steps, []);
        }
    }

    const PACKAGE: &str = "[package]\nname = \"app\"\n\n[dependencies]\n";

    #[test]
    fn a_fresh_package() {
        let all = [
            "create xtask/src/main.rs",
            "create xtask/Cargo.toml",
            "create migrations/migrations.lock",
            "create .gitattributes",
            "edit .gitignore",
            "create .cargo/config.toml",
            "edit Cargo.toml",
        ];
        let tree = tree(&[("Cargo.toml", PACKAGE), (".gitignore", "/target\n")], &[("app", "")]);
        check(&tree, &request(), &all);
    }

    #[test]
    fn a_member_with_a_database_of_its_own() {
        let workspace = "[workspace]\nmembers = [\"billing\", \"tasks\"]\n";
        let tasks = "[package]\nname = \"tasks\"\n[dependencies]\nxtask-db-cli = \"1\"\n";
        let alias = "[alias]\nxtask = \"run -p tasks --\"\n";
        let files = [
            ("Cargo.toml", workspace),
            ("billing/Cargo.toml", PACKAGE),
            ("tasks/Cargo.toml", tasks),
            (".cargo/config.toml", alias),
        ];
        let tree = tree(&files, &[("billing", "billing"), ("tasks", "tasks")]);
        let request = Request {
            dialect: Dialect::Postgres,
            migrations: "billing/migrations".into(),
            package: Some(("billing".into(), "billing".into())),
            ..request()
        };
        check(
            &tree,
            &request,
            &[
                "edit tasks/Cargo.toml",
                "create billing/migrations/migrations.lock",
                "create .gitattributes",
                "edit .cargo/config.toml",
                "edit billing/Cargo.toml",
            ],
        );
        let steps = plan(&tree, &request, &|_| None).unwrap().steps;
        assert!(steps[4].after.contains("\nmigrations = \"migrations\"\n"), "{}", steps[4].after);
        assert!(steps[3].after.contains("XTASK_DB_MIGRATIONS_BILLING = {"), "{}", steps[3].after);
    }

    #[test]
    fn an_xtask_that_is_there_is_told_in_two_lines() {
        let workspace = "[workspace]\nmembers = [\"xtask\"]\n";
        let xtask = "[package]\nname = \"xtask\"\n";
        let files = [("Cargo.toml", workspace), ("xtask/Cargo.toml", xtask)];
        let made = plan(&tree(&files, &[("xtask", "xtask")]), &request(), &|_| None).unwrap();
        assert!(made.steps.iter().all(|step| !step.path.starts_with("xtask/")));
        assert!(made.next[0].contains("xtask-db-cli = { version = \"1.2.3\""), "{:?}", made.next);
        assert!(made.next[1].contains("xtask_db_cli::main()"), "{:?}", made.next);
    }

    #[test]
    fn every_problem_is_named() {
        let lock = LockFile::new(Dialect::Mysql, "t").to_string();
        let files = [
            ("Cargo.toml", "[package"),
            ("app.dockerignore", "**/*.sql\n"),
            ("migrations/migrations.lock", lock.as_str()),
        ];
        let rule = |path: &str| path.ends_with(".lock").then(|| ".gitignore:1:*.lock".to_owned());
        let problems = plan(&tree(&files, &[]), &request(), &rule).unwrap_err();
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let [git, docker, provider, toml] = shown.as_slice() else { panic!("{shown:?}") };
        assert_eq!(git, "git ignores migrations/migrations.lock: .gitignore:1:*.lock");
        assert!(docker.starts_with("app.dockerignore line 1 (`**/*.sql`)"), "{docker}");
        assert!(provider.contains("is for mysql, and sqlite"), "{provider}");
        assert!(toml.starts_with("Cargo.toml: "), "{toml}");
    }
}
