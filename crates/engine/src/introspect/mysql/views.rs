//! Views.

use std::collections::BTreeMap;

use xtask_db_schema::mysql::{Catalog, View, ViewColumn};

use super::catalog::name;
use super::printed::{Printed, rows, show_create};
use crate::{Error, Session};

const VIEWS: &str = "SELECT TABLE_NAME, DEFINER = CURRENT_USER(), DEFINER \
     FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME";
const COLUMNS: &str = "SELECT c.TABLE_NAME, c.COLUMN_NAME, c.COLUMN_TYPE, c.IS_NULLABLE \
     FROM information_schema.COLUMNS c JOIN information_schema.VIEWS v \
     ON v.TABLE_SCHEMA = c.TABLE_SCHEMA AND v.TABLE_NAME = c.TABLE_NAME \
     WHERE c.TABLE_SCHEMA = DATABASE() ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION";

/// Reads them; the columns of one whose tables are gone are not known.
pub(super) async fn read(
    session: &mut Session,
    printed: &Printed,
    catalog: &mut Catalog,
) -> Result<(), Error> {
    let mut views = Vec::new();
    for [view, own, definer] in rows(session, VIEWS).await? {
        if printed.keep.keeps(&view) {
            continue;
        }
        if own != "1" {
            name(catalog, "definer of view", &format!("{view} ({definer})"));
        }
        views.push(view);
    }
    if views.is_empty() {
        return Ok(());
    }
    let mut columns: BTreeMap<String, Vec<ViewColumn>> = BTreeMap::new();
    for [view, column, data_type, nullable] in rows(session, COLUMNS).await? {
        let column = ViewColumn { name: column, data_type, nullable: nullable == "YES" };
        columns.entry(view).or_default().push(column);
    }
    let texts = show_create(session, "VIEW", &views, 1).await?;
    for (view, text) in views.iter().zip(texts) {
        match View::read(&text.unwrap_or_default(), printed.source()) {
            Ok(read) => {
                let columns = columns.remove(view).unwrap_or_default();
                catalog.views.push(View { columns, ..read });
            }
            Err(_) => name(catalog, "view", view),
        }
    }
    Ok(())
}
