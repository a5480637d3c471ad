//! Which row of the table a row of the file is.

use xtask_db_schema::Relation;

use super::cell::Cell;
use super::file::Row;

/// The columns that find it: the primary key, else the first unique key that the row has whole.
pub(super) fn key_of<'a>(relation: &'a Relation, row: &Row) -> Option<&'a [String]> {
    let has = |column: &String| {
        row.fields.iter().any(|(name, cell)| name == column && *cell != Cell::Null)
    };
    std::iter::once(&relation.primary_key)
        .chain(&relation.unique)
        .find(|key| !key.is_empty() && key.iter().all(has))
        .map(Vec::as_slice)
}

/// For messages: `id`, or `id or (email, tenant)`.
pub(super) fn shown(relation: &Relation) -> String {
    let key = |key: &Vec<String>| match key.as_slice() {
        [one] => one.clone(),
        many => format!("({})", many.join(", ")),
    };
    let keys = std::iter::once(&relation.primary_key).chain(&relation.unique);
    keys.filter(|key| !key.is_empty()).map(key).collect::<Vec<_>>().join(" or ")
}
