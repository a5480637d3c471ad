//! The way back of each migration, tried like the way there.

use xtask_db_schema::{
    Catalog, Online, PlanOptions, Rename, RenameKind, SchemaError, Step, migration_text,
};

use super::Draft;
use crate::{Error, Observer};

/// Renames that were run together.
pub(super) struct Batch {
    pub(super) renames: Vec<Rename>,
    pub(super) after: Catalog,
}

/// The plain forms: a way back is one file.
const PLAIN: PlanOptions = PlanOptions { online: Online::Never };

impl Draft {
    /// The down text of each part, the newest tried first. `catalogs` are those after each part.
    /// Once one has no way back, the earlier ones cannot be tried.
    pub(super) async fn back(
        &mut self,
        parts: &[Vec<Step>],
        catalogs: &[Catalog],
        observer: &mut dyn Observer,
    ) -> Vec<Result<String, String>> {
        let mut downs: Vec<Result<String, String>> = Vec::with_capacity(parts.len());
        for at in (0..parts.len()).rev() {
            let down = match downs.last() {
                Some(Err(_)) => Err("the migration after it has no way back".to_owned()),
                _ => self.one_back(at, catalogs, observer).await,
            };
            downs.push(down);
        }
        downs.reverse();
        downs
    }

    async fn one_back(
        &mut self,
        at: usize,
        catalogs: &[Catalog],
        observer: &mut dyn Observer,
    ) -> Result<String, String> {
        let before = match at {
            0 => self.from.clone(),
            _ => catalogs[at - 1].clone(),
        };
        let refused = |error: SchemaError| error.to_string();
        let target = if at == 0 { self.now() } else { &before };
        let mut steps = catalogs[at].plan(target, &PLAIN).map_err(refused)?.steps;
        if at == 0 {
            steps.extend(self.renamed_back().map_err(refused)?);
        }
        let text = migration_text(&steps);
        self.run(&text, observer).await.map_err(told)?;
        let found = self.shadow.catalog(&self.scope).await.map_err(told)?;
        let left = found.plan(&before, &PLAIN).map_err(refused)?;
        match left.is_empty() {
            true => Ok(text),
            false => Err(format!("the way back leaves a difference: {}", left.script().trim())),
        }
    }

    /// The statements that give everything its old name.
    fn renamed_back(&self) -> Result<Vec<Step>, SchemaError> {
        let mut steps = Vec::new();
        for batch in self.renamed.iter().rev() {
            steps.extend(batch.after.rename(&inverse(&batch.renames))?);
        }
        Ok(steps)
    }
}

/// The renames that undo these. What has the object has its own new name by then.
fn inverse(renames: &[Rename]) -> Vec<Rename> {
    let holds = |kind| matches!(kind, RenameKind::Table | RenameKind::Type | RenameKind::View);
    let new_name = |schema: &Option<String>, name: &String| {
        let found = renames
            .iter()
            .find(|rename| holds(rename.kind) && rename.schema == *schema && rename.from == *name);
        found.map_or(name, |rename| &rename.to).clone()
    };
    let back = |rename: &Rename| Rename {
        kind: rename.kind,
        schema: rename.schema.clone(),
        parent: rename.parent.as_ref().map(|parent| new_name(&rename.schema, parent)),
        from: rename.to.clone(),
        to: rename.from.clone(),
    };
    renames.iter().rev().map(back).collect()
}

fn told(error: Error) -> String {
    match error {
        Error::PlanFails(failure) => format!("the way back fails: {}", failure.error),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_goes_back_in_the_table_that_has_it_by_then() {
        let rename = |kind, parent: Option<&str>, from: &str, to: &str| Rename {
            kind,
            schema: None,
            parent: parent.map(str::to_owned),
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let there = [
            rename(RenameKind::Table, None, "users", "people"),
            rename(RenameKind::Column, Some("users"), "mail", "email"),
            rename(RenameKind::Column, Some("posts"), "a", "b"),
        ];
        let back: Vec<String> = inverse(&there).iter().map(ToString::to_string).collect();
        assert_eq!(back, ["posts.b=a", "people.email=mail", "people=users"]);
    }
}
