//! `backups`: what there is.

use clap::Args;
use serde_json::{Value, json};

use crate::backup::{Kept, Settings, Store, whole};
use crate::command::backup::object;
use crate::context::Context;
use crate::counted::{counted, size};
use crate::fault::Fault;
use crate::output::Reply;

/// List the backups
///
/// The newest first: when it was made, of which database, after which migration, and how far it
/// was tried that it can be brought back. What is listed is what the records say; `--check` reads
/// every file.
#[derive(Debug, Args)]
pub(crate) struct Backups {
    /// Read every file, and compare its hash with its record
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Backups, context: &Context) -> Result<Reply, Fault> {
    let store = Store { folder: Settings::of(context.project()?)?.folder };
    let list = store.list();
    let list = list.map_err(|source| Fault::Io { path: store.folder.clone(), source })?;
    let folder = context.shown(&store.folder).display().to_string();
    let mut lines = vec![format!("{} in {folder}", counted(list.len(), "backup"))];
    let mut objects = Vec::new();
    let mut broken = 0;
    for kept in &list {
        let problem = problem(kept, args.check);
        broken += usize::from(problem.is_some());
        let name = kept.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        lines.push(line(&name, kept, problem.as_deref()));
        objects.push(entry(&name, kept, problem));
    }
    let reply = Reply::new(
        lines.join("\n"),
        json!({ "folder": folder, "backups": objects, "broken": broken }),
    );
    Ok(reply)
}

/// What is wrong with one; none when nothing is, as far as it was looked.
fn problem(kept: &Kept, check: bool) -> Option<String> {
    match &kept.record {
        Err(unreadable) => Some(unreadable.to_string()),
        Ok(record) if record.is_elsewhere() => None,
        Ok(_) if !kept.there => Some("its file is gone".to_owned()),
        Ok(record) if check => whole(&kept.path, record).err(),
        Ok(_) => None,
    }
}

fn line(name: &str, kept: &Kept, problem: Option<&str>) -> String {
    let Ok(record) = &kept.record else {
        return format!("{name}  {}", problem.unwrap_or_default());
    };
    let at = record.time.strftime("%Y-%m-%d %H:%M:%SZ");
    let last = record.last_migration.as_deref().unwrap_or("no migration");
    let state = problem.map_or_else(|| record.checked.to_string(), str::to_owned);
    let said = record.said.as_ref().map(|said| format!("  {said}")).unwrap_or_default();
    format!("{at}  {name}  {}  {last}  {state}{said}", size(record.size_bytes))
}

fn entry(name: &str, kept: &Kept, problem: Option<String>) -> Value {
    let mut value = match &kept.record {
        Ok(record) => object(name, record),
        Err(_) => json!({ "file": name }),
    };
    value["problem"] = json!(problem);
    value
}
