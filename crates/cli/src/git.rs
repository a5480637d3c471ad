//! What git knows about the migrations folder: its repository, revisions, earlier texts, and what
//! is ignored. Everything is asked of the `git` program, through xshell.
//!
//! Invariant: without git, or outside a repository, there is no [`Git`], and no caller fails.
//! Invariant: nothing here changes the repository.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use xshell::{Cmd, Shell, cmd};

/// How many commits of one file are looked through for an earlier text.
const COMMITS_MAX: usize = 200;

/// A repository.
pub(crate) struct Git {
    shell: Shell,
    root: PathBuf,
}

/// A commit by its full hexadecimal name; never an option or a ref that may move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit(String);

impl Commit {
    /// The first digits, for people.
    pub(crate) fn short(&self) -> &str {
        self.0.get(..10).unwrap_or(&self.0)
    }
}

impl Git {
    /// The repository that holds `folder`, or the nearest parent of it that exists.
    pub(crate) fn find(folder: &Path) -> Option<Self> {
        let folder = folder.ancestors().find(|dir| dir.is_dir())?;
        let shell = Shell::new().ok()?;
        shell.change_dir(folder);
        let root = PathBuf::from(read(environment(cmd!(shell, "git rev-parse --show-toplevel")))?);
        shell.change_dir(&root);
        Some(Self { shell, root })
    }

    /// The clone lacks older commits, so that a merge base may be out of reach.
    pub(crate) fn is_shallow(&self) -> bool {
        self.read(&["rev-parse", "--is-shallow-repository"]).as_deref() == Some("true")
    }

    /// The checked-out commit; none before the first one.
    pub(crate) fn head(&self) -> Option<Commit> {
        self.commit("HEAD")
    }

    /// The commit that `rev` names.
    pub(crate) fn commit(&self, rev: &str) -> Option<Commit> {
        // a leading dash would be read as an option
        if rev.starts_with('-') {
            return None;
        }
        let spec = format!("{rev}^{{commit}}");
        self.read(&["rev-parse", "--verify", "--quiet", &spec]).map(Commit)
    }

    /// The tip of the branch that others merge into: `base` (a pull request's base branch) when it
    /// is given, else the remote's default branch, else `main` or `master`.
    pub(crate) fn default_branch(&self, base: Option<&str>) -> Option<(String, Commit)> {
        let candidates = match base {
            Some(base) => vec![format!("refs/remotes/origin/{base}"), format!("refs/heads/{base}")],
            None => [
                "refs/remotes/origin/HEAD",
                "refs/remotes/origin/main",
                "refs/remotes/origin/master",
                "refs/heads/main",
                "refs/heads/master",
            ]
            .map(str::to_owned)
            .to_vec(),
        };
        candidates.into_iter().find_map(|name| {
            let commit = self.commit(&name)?;
            let short = name.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/");
            Some((short.to_owned(), commit))
        })
    }

    /// Where the checked-out commit and `other` parted.
    pub(crate) fn merge_base(&self, other: &Commit) -> Option<Commit> {
        self.read(&["merge-base", "HEAD", &other.0]).map(Commit)
    }

    /// A file's bytes at a commit; none when it was not there.
    pub(crate) fn file_at(&self, commit: &Commit, file: &Path) -> Option<Vec<u8>> {
        let spec = format!("{}:{}", commit.0, self.relative(file)?);
        let blob = self.read(&["rev-parse", "--verify", "--quiet", &spec])?;
        // `cat-file` runs no filter and no textconv: these are the committed bytes
        bytes(self.git(&["cat-file", "blob", &blob]))
    }

    /// The committed versions of a file, newest first.
    pub(crate) fn versions(&self, file: &Path) -> impl Iterator<Item = (Commit, Vec<u8>)> {
        self.log(file, "HEAD")
    }

    /// The same on every branch.
    pub(crate) fn versions_anywhere(&self, file: &Path) -> impl Iterator<Item = (Commit, Vec<u8>)> {
        self.log(file, "--all")
    }

    /// Branches and tags by their full names, local branches first, the latest first of each.
    pub(crate) fn refs(&self, max: usize) -> Vec<String> {
        let count = format!("--count={max}");
        let kinds = ["refs/heads", "refs/remotes", "refs/tags"];
        let words = ["for-each-ref", "--sort=-committerdate", "--format=%(refname)", &count];
        let listed = kinds.map(|kind| self.read(&[&words[..], &[kind]].concat()));
        listed.iter().flatten().flat_map(|list| list.lines()).map(str::to_owned).take(max).collect()
    }

    /// Those of these refs that have a file, each with the object that it is there. One process,
    /// however many there are.
    pub(crate) fn blobs(&self, refs: &[String], file: &Path) -> Vec<(String, String)> {
        let Some(path) = self.relative(file) else { return Vec::new() };
        let asked: String = refs.iter().map(|name| format!("{name}:{path}\n")).collect();
        let answers = read(self.git(&["cat-file", "--batch-check"]).stdin(asked));
        let answers = answers.unwrap_or_default();
        let found = |(name, line): (&String, &str)| {
            let (object, rest) = line.split_once(' ')?;
            rest.starts_with("blob ").then(|| (name.clone(), object.to_owned()))
        };
        refs.iter().zip(answers.lines()).filter_map(found).collect()
    }

    /// An object's bytes.
    pub(crate) fn blob(&self, object: &str) -> Option<Vec<u8>> {
        bytes(self.git(&["cat-file", "blob", object]))
    }

    /// The files below a folder at a commit, with their objects. Links and submodules are left out.
    #[cfg(feature = "lint")]
    pub(crate) fn tree(&self, commit: &Commit, folder: &Path) -> Vec<(String, String)> {
        let Some(inside) = self.relative(&folder.join("any")) else { return Vec::new() };
        let below = inside.strip_suffix("any").unwrap_or_default();
        let mut words = vec!["ls-tree", "-r", "-z", "--full-tree", &commit.0];
        // the root itself has no name
        if !below.is_empty() {
            words.extend(["--", below]);
        }
        let listed = bytes(self.git(&words)).unwrap_or_default();
        let listed = String::from_utf8_lossy(&listed);
        // `100644 blob <object>\t<path>`
        let file = |line: &str| {
            let (about, path) = line.split_once('\t')?;
            let object = about.strip_prefix("100644 blob ");
            let object = object.or_else(|| about.strip_prefix("100755 blob "))?;
            Some((path.to_owned(), object.to_owned()))
        };
        listed.split('\0').filter_map(file).collect()
    }

    /// The bytes of objects, by one process; none where git has no such object.
    #[cfg(feature = "lint")]
    pub(crate) fn contents(&self, objects: &[&str]) -> Vec<Option<Vec<u8>>> {
        let asked: String = objects.iter().map(|object| format!("{object}\n")).collect();
        let told = bytes(self.git(&["cat-file", "--batch"]).stdin(asked)).unwrap_or_default();
        let mut rest = told.as_slice();
        objects.iter().map(|_| next_object(&mut rest)).collect()
    }

    /// A file's bytes at a commit, by its path below the repository's root.
    #[cfg(feature = "lint")]
    pub(crate) fn at_path(&self, commit: &Commit, path: &str) -> Option<Vec<u8>> {
        self.file_at(commit, &self.root.join(path))
    }

    fn log(&self, file: &Path, from: &str) -> impl Iterator<Item = (Commit, Vec<u8>)> {
        let log = self.relative(file).and_then(|path| {
            let max = format!("--max-count={COMMITS_MAX}");
            let spec = format!(":(top,literal){path}");
            self.read(&["log", "--format=%H", &max, from, "--", &spec])
        });
        let commits: Vec<Commit> =
            log.unwrap_or_default().lines().map(|hex| Commit(hex.to_owned())).collect();
        commits.into_iter().filter_map(|commit| {
            let bytes = self.file_at(&commit, file)?;
            Some((commit, bytes))
        })
    }

    /// The ignore rule that covers a path, as `file:line:pattern`; none when git would track it. A
    /// tracked file counts as ignored too when a rule names it: the next checkout may lose it.
    pub(crate) fn ignored_by(&self, path: &Path) -> Option<String> {
        let path = self.relative(path)?;
        let found = self.read(&["check-ignore", "--no-index", "--verbose", "--", &path])?;
        let rule = found.split('\t').next()?.to_owned();
        // a `!pattern` is printed as a match as well, and means the opposite
        (!rule.rsplit(':').next()?.starts_with('!')).then_some(rule)
    }

    /// A path below the repository's root, with `/`.
    pub(crate) fn relative(&self, path: &Path) -> Option<String> {
        // the folder is resolved, the name is not: the file may not exist, or be a link
        let folder = path.parent()?;
        let existing = folder.ancestors().find(|dir| dir.exists())?;
        let rest = folder.strip_prefix(existing).ok()?;
        let full = existing.canonicalize().ok()?.join(rest).join(path.file_name()?);
        let root = self.root.canonicalize().ok()?;
        let below = full.strip_prefix(&root).ok()?;
        let parts: Option<Vec<&str>> = below.iter().map(OsStr::to_str).collect();
        Some(parts?.join("/"))
    }

    /// A unified diff of two files outside the index, without colour; empty when they are equal.
    pub(crate) fn diff(&self, old: &Path, new: &Path) -> String {
        let command = self.git(&["diff", "--no-index", "--no-color", "--no-ext-diff", "--"]);
        let output = command.arg(old).arg(new).quiet().ignore_status().output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        // the header names temporary files; the hunks are what matters
        let text = text.unwrap_or_default();
        text.find("\n@@").map(|at| text[at + 1..].to_owned()).unwrap_or_default()
    }

    fn git(&self, args: &[&str]) -> Cmd<'_> {
        environment(cmd!(self.shell, "git {args...}"))
    }

    fn read(&self, args: &[&str]) -> Option<String> {
        read(self.git(args))
    }
}

/// `<object> blob <size>\n<bytes>\n`, or `<object> missing\n`.
#[cfg(feature = "lint")]
fn next_object(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let header = String::from_utf8_lossy(&rest[..end]).into_owned();
    *rest = &rest[end + 1..];
    let size: usize = header.rsplit_once(' ')?.1.parse().ok()?;
    let bytes = rest.get(..size)?.to_vec();
    *rest = rest.get(size + 1..).unwrap_or_default();
    Some(bytes)
}

/// Nothing of the user's settings may change what a command prints, or make it wait. `GIT_DIR` and
/// its kin stay: in a hook they say which repository is meant.
fn environment(command: Cmd<'_>) -> Cmd<'_> {
    command
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_PAGER", "cat")
        .env_remove("GIT_EXTERNAL_DIFF")
        .env_remove("GIT_TRACE")
        .quiet()
}

/// What a command printed, when it succeeded and printed something.
fn read(command: Cmd<'_>) -> Option<String> {
    let text = String::from_utf8(bytes(command)?).ok()?;
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

fn bytes(command: Cmd<'_>) -> Option<Vec<u8>> {
    // an `Err` is a `git` that is not installed, a status a question it cannot answer
    let output = command.ignore_status().output().ok()?;
    output.status.success().then_some(output.stdout)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;

    use super::*;

    /// A repository in a temporary folder, independent of the user's settings.
    pub(crate) struct Scratch {
        pub(crate) dir: tempfile::TempDir,
    }

    impl Scratch {
        pub(crate) fn new() -> Self {
            let scratch = Self { dir: tempfile::tempdir().unwrap() };
            scratch.git(&["init", "--quiet", "--initial-branch=main"]);
            scratch
        }

        pub(crate) fn path(&self, name: &str) -> PathBuf {
            self.dir.path().join(name)
        }

        pub(crate) fn write(&self, name: &str, text: &str) {
            fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
            fs::write(self.path(name), text).unwrap();
        }

        pub(crate) fn commit(&self, message: &str) {
            self.git(&["add", "--all"]);
            self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        }

        pub(crate) fn git(&self, args: &[&str]) {
            let shell = Shell::new().unwrap();
            shell.change_dir(self.dir.path());
            environment(cmd!(shell, "git {args...}"))
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .env("GIT_CONFIG_NOSYSTEM", "1")
                .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
                .envs([("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
                .run()
                .unwrap();
        }

        pub(crate) fn find(&self) -> Git {
            Git::find(self.dir.path()).unwrap()
        }
    }

    #[test]
    fn outside_a_repository_there_is_no_git() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Git::find(dir.path()).is_none());
    }

    #[test]
    fn a_folder_that_does_not_exist_yet_belongs_to_its_parents_repository() {
        let scratch = Scratch::new();
        let git = Git::find(&scratch.path("a/b/c")).unwrap();
        assert_eq!(git.relative(&scratch.path("a/b/c/x.sql")).unwrap(), "a/b/c/x.sql");
        assert_eq!(git.relative(Path::new("/elsewhere/x.sql")), None);
        assert_eq!(git.head(), None);
    }

    #[test]
    fn the_merge_base_is_where_the_branch_left_main() {
        let scratch = Scratch::new();
        scratch.write("m/x", "one");
        scratch.commit("one");
        scratch.git(&["switch", "--quiet", "--create", "topic"]);
        scratch.write("m/x", "two");
        scratch.commit("two");
        let git = scratch.find();
        let (name, main) = git.default_branch(None).unwrap();
        let base = git.merge_base(&main).unwrap();
        assert_eq!((name.as_str(), &base), ("main", &main));
        assert_eq!(git.file_at(&base, &scratch.path("m/x")).unwrap(), b"one");
        assert_eq!(git.file_at(&base, &scratch.path("m/y")), None);
        let texts: Vec<_> = git.versions(&scratch.path("m/x")).map(|(_, text)| text).collect();
        assert_eq!(texts, [b"two", b"one"]);
        assert!(!git.is_shallow());
    }

    #[test]
    fn a_revision_is_never_an_option() {
        let scratch = Scratch::new();
        scratch.commit("one");
        let git = scratch.find();
        assert!(git.commit("HEAD").is_some());
        assert_eq!(git.commit("--all"), None);
        assert_eq!(git.commit("no-such-branch"), None);
        assert_eq!(git.default_branch(Some("release")), None);
    }

    #[test]
    fn an_ignored_file_is_named_with_its_rule() {
        let scratch = Scratch::new();
        scratch.write(".gitignore", "*.lock\n!kept.lock\n");
        scratch.write("m/migrations.lock", "");
        scratch.commit("one");
        let git = scratch.find();
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(git.ignored_by(&scratch.path(path)).as_deref(), expected, "{path}");
        };
        check("m/migrations.lock", Some(".gitignore:1:*.lock"));
        check("m/kept.lock", None);
        check("m/x.sql", None);
    }

    #[test]
    fn a_shallow_clone_is_known() {
        let scratch = Scratch::new();
        scratch.commit("one");
        scratch.commit("two");
        let url = format!("file://{}", scratch.dir.path().display());
        let copy = tempfile::tempdir().unwrap();
        let to = copy.path().join("copy");
        scratch.git(&["clone", "--quiet", "--depth=1", &url, to.to_str().unwrap()]);
        assert!(Git::find(&to).unwrap().is_shallow());
    }

    #[test]
    fn a_difference_is_shown_without_file_names() {
        let scratch = Scratch::new();
        scratch.write("a", "x\ny\n");
        scratch.write("b", "x\nz\n");
        let git = scratch.find();
        assert_eq!(
            git.diff(&scratch.path("a"), &scratch.path("b")),
            "@@ -1,2 +1,2 @@\n x\n-y\n+z\n"
        );
        assert_eq!(git.diff(&scratch.path("a"), &scratch.path("a")), "");
    }
}
