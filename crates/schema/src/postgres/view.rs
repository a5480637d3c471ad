//! Views and materialized views.

use serde::{Deserialize, Serialize};

use super::change::{Change, Site};
use super::name::quote;
use super::{Name, view_options};
use crate::Step;

/// A view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// It keeps its rows.
    pub materialized: Option<Materialized>,
    /// In order, which counts.
    pub columns: Vec<ViewColumn>,
    /// The query as the server prints it, without its semicolon.
    pub definition: String,
    /// `security_invoker=true`, sorted.
    pub options: Vec<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// What only a view that keeps its rows has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Materialized {
    /// It has rows. Those who refresh it change this, so it is kept and not compared.
    pub populated: bool,
    /// Not the default one.
    pub tablespace: Option<String>,
    /// Not the default one.
    pub access_method: Option<String>,
}

/// A column of a view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewColumn {
    /// Its name.
    pub name: String,
    /// Its type with its modifiers.
    pub type_name: String,
    /// Not the type's own: as SQL.
    pub collation: Option<String>,
    /// What an INSERT without it means.
    pub default: Option<String>,
    /// The statistics target, when it is not the default.
    pub statistics: Option<i32>,
    /// Its comment.
    pub comment: Option<String>,
}

impl View {
    /// What stands after DROP, ALTER and COMMENT ON.
    pub(super) fn on(&self, name: &Name) -> String {
        match self.materialized {
            Some(_) => format!("MATERIALIZED VIEW {name}"),
            None => format!("VIEW {name}"),
        }
    }

    /// The statement that makes it, `how` being CREATE or CREATE OR REPLACE.
    fn statement(&self, how: &str, name: &Name) -> Step {
        let mut sql = format!("{how} {}", self.on(name));
        let kept = self.materialized.as_ref();
        if let Some(method) = kept.and_then(|kept| kept.access_method.as_ref()) {
            sql.push_str(&format!(" USING {}", quote(method)));
        }
        if !self.options.is_empty() {
            sql.push_str(&format!(" WITH ({})", view_options::list(&self.options)));
        }
        if let Some(tablespace) = kept.and_then(|kept| kept.tablespace.as_ref()) {
            sql.push_str(&format!(" TABLESPACE {}", quote(tablespace)));
        }
        sql.push_str(&format!(" AS\n{}", self.definition));
        if kept.is_some_and(|kept| !kept.populated) {
            sql.push_str("\nWITH NO DATA");
        }
        Step::new(sql)
    }

    /// CREATE OR REPLACE leads from `self` to `to`: it only takes new columns, at the end.
    fn replaceable(&self, to: &Self) -> bool {
        let same = |(old, new): (&ViewColumn, &ViewColumn)| {
            old.name == new.name && old.type_name == new.type_name && old.collation == new.collation
        };
        self.materialized.is_none()
            && self.columns.len() <= to.columns.len()
            && self.columns.iter().zip(&to.columns).all(same)
    }

    pub(super) fn column(&self, name: &str) -> Option<&ViewColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let Some(new) = site.to.views.get(name) else { return Vec::new() };
    let mut made = new.statement("CREATE", name);
    if new.materialized.as_ref().is_some_and(|kept| !kept.populated) {
        made = made.note("It cannot be read before REFRESH MATERIALIZED VIEW.");
    }
    let mut steps = vec![made];
    steps.extend(columns(name, &View { columns: Vec::new(), ..new.clone() }, new));
    steps
}

/// The statements that drop one of the source.
pub(super) fn drop(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let old = site.from.views.get(name);
    old.map(|old| Step::new(format!("DROP {}", old.on(name)))).into_iter().collect()
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let (Some(old), Some(new)) = (site.from.views.get(name), site.to.views.get(name)) else {
        return Change::Same;
    };
    let mut steps = Vec::new();
    let shape = |view: &View| {
        let column = |column: &ViewColumn| {
            (column.name.clone(), column.type_name.clone(), column.collation.clone())
        };
        view.columns.iter().map(column).collect::<Vec<_>>()
    };
    if old.materialized.is_some() != new.materialized.is_some() {
        return Change::Recreate;
    }
    if old.definition != new.definition || shape(old) != shape(new) {
        if !old.replaceable(new) {
            return Change::Recreate;
        }
        steps.push(new.statement("CREATE OR REPLACE", name));
    } else {
        steps.extend(view_options::change(&new.on(name), &old.options, &new.options));
    }
    if let (Some(was), Some(kept)) = (&old.materialized, &new.materialized) {
        if was.access_method != kept.access_method {
            return Change::Recreate;
        }
        if was.tablespace != kept.tablespace {
            let tablespace = kept.tablespace.as_deref().unwrap_or("pg_default");
            let sql = format!("ALTER {} SET TABLESPACE {}", new.on(name), quote(tablespace));
            steps.push(Step::new(sql));
        }
    }
    steps.extend(columns(name, old, new));
    Change::of(steps)
}

/// The default and statistics of each column.
fn columns(name: &Name, old: &View, new: &View) -> Vec<Step> {
    let mut steps = Vec::new();
    let nothing = ViewColumn::default();
    for column in &new.columns {
        let was = old.column(&column.name).unwrap_or(&nothing);
        let alter = format!("ALTER {} ALTER COLUMN {}", new.on(name), quote(&column.name));
        if was.default != column.default {
            let to = match &column.default {
                Some(default) => format!("SET DEFAULT {default}"),
                None => "DROP DEFAULT".to_owned(),
            };
            steps.push(Step::new(format!("{alter} {to}")));
        }
        if was.statistics != column.statistics {
            let target = column.statistics.unwrap_or(-1);
            steps.push(Step::new(format!("{alter} SET STATISTICS {target}")));
        }
    }
    steps
}
