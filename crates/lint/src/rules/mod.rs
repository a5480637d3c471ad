//! The rules, one file each.

mod c01_rename_table;
mod c02_rename_column;
mod d02_table_without_primary_key;
mod k01_index_not_concurrent;
mod k06_foreign_key_not_valid;
mod l01_drop_table;
mod l02_drop_column;

use crate::Rule;

/// Every rule, by id. One that is not listed does not compile without a warning.
pub(crate) const RULES: &[&Rule] = &[
    &c01_rename_table::RULE,
    &c02_rename_column::RULE,
    &d02_table_without_primary_key::RULE,
    &k01_index_not_concurrent::RULE,
    &k06_foreign_key_not_valid::RULE,
    &l01_drop_table::RULE,
    &l02_drop_column::RULE,
];
