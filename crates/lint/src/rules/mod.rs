//! The rules, one file each.

mod c01_rename_table;
mod c02_rename_column;
mod c03_rename_object;
mod c04_enum_value_added;
mod c05_json_not_jsonb;
mod c06_default_changed;
mod c07_positional_columns;
mod c08_duplicate_assignment;
mod c09_view_depends;
mod c10_drop_object;
mod c11_running_query_fails;
mod c12_running_query_columns;
mod c13_running_query_nulls;
mod c14_running_write_refused;
mod d01_narrow_key;
mod d02_table_without_primary_key;
mod d03_foreign_key_without_index;
mod d04_redundant_index;
mod d05_type_choice;
mod d06_column_alignment;
mod d07_identifier;
mod d08_schema_not_written;
mod d09_mysql_choices;
mod d10_domain_constraint;
mod d11_own_transactions;
mod d12_robust_statements;
mod d13_inline_references;
mod d14_forbidden_object;
mod d15_sqlite_table_options;
mod d16_migration_name;
mod d17_readme_required;
mod d18_down_required;
mod k01_index_not_concurrent;
mod k02_drop_index_not_concurrent;
mod k03_concurrently_with_others;
mod k04_reindex_not_concurrent;
mod k05_table_rewritten;
mod k06_foreign_key_not_valid;
mod k07_check_not_valid;
mod k08_validate_in_same_transaction;
mod k09_set_not_null;
mod k10_key_builds_index;
mod k11_primary_key_scans;
mod k12_exclusion_constraint;
mod k13_type_change_rewrites;
mod k14_column_rewrites;
mod k15_default_rewrites;
mod k16_timeout_off;
mod k17_many_tables_locked;
mod k18_drop_table_with_foreign_keys;
mod k19_schema_and_data;
mod k20_unbatched_write;
mod k21_table_copied;
mod k22_explicit_lock;
mod k23_enum_reordered;
mod k24_expression_default;
mod k25_column_copies;
mod k26_constraint_copies;
mod k27_alters_to_merge;
mod k28_algorithm_refused;
mod k29_long_lock_wait;
mod k30_sqlite_writers_wait;
mod k31_refresh_not_concurrent;
mod k32_index_gap;
mod k33_access_changed;
mod k34_trigger_locks;
mod k35_index_beside_changes;
mod l01_drop_table;
mod l02_drop_column;
mod l03_drop_schema;
mod l04_truncate;
mod l05_create_over_table;
mod l06_drop_and_add_column;
mod l07_drop_and_add_same_column;
mod l08_lossy_type_change;
mod l09_enum_value_removed;
mod l10_unique_on_duplicates;
mod l11_not_null_on_nulls;
mod l12_required_column;
mod l13_implicit_zero;
mod l14_primary_key_changed;
mod l15_scalar_to_array;
mod l16_constraint_dropped;
mod l17_drop_not_null;
mod l18_drop_referenced_table;
mod l19_rebuild_loses_objects;
mod l20_column_sqlite_cannot_add;
mod l21_column_sqlite_cannot_drop;
mod l22_legacy_rename;
mod l23_type_affinity;
mod l24_text_shrunk;
mod l25_foreign_keys_unchecked;
mod l26_orphans;
mod l27_check_violated;
mod l28_write_without_where;
mod l29_backfill_not_idempotent;

use crate::Rule;

/// Every rule, by id. One that is not listed here is dead code, which the compiler tells.
pub(crate) const RULES: &[&Rule] = &[
    &c01_rename_table::RULE,
    &c02_rename_column::RULE,
    &c03_rename_object::RULE,
    &c04_enum_value_added::RULE,
    &c05_json_not_jsonb::RULE,
    &c06_default_changed::RULE,
    &c07_positional_columns::RULE,
    &c08_duplicate_assignment::RULE,
    &c09_view_depends::RULE,
    &c10_drop_object::RULE,
    &c11_running_query_fails::RULE,
    &c12_running_query_columns::RULE,
    &c13_running_query_nulls::RULE,
    &c14_running_write_refused::RULE,
    &d01_narrow_key::RULE,
    &d02_table_without_primary_key::RULE,
    &d03_foreign_key_without_index::RULE,
    &d04_redundant_index::RULE,
    &d05_type_choice::RULE,
    &d06_column_alignment::RULE,
    &d07_identifier::RULE,
    &d08_schema_not_written::RULE,
    &d09_mysql_choices::RULE,
    &d10_domain_constraint::RULE,
    &d11_own_transactions::RULE,
    &d12_robust_statements::RULE,
    &d13_inline_references::RULE,
    &d14_forbidden_object::RULE,
    &d15_sqlite_table_options::RULE,
    &d16_migration_name::RULE,
    &d17_readme_required::RULE,
    &d18_down_required::RULE,
    &k01_index_not_concurrent::RULE,
    &k02_drop_index_not_concurrent::RULE,
    &k03_concurrently_with_others::RULE,
    &k04_reindex_not_concurrent::RULE,
    &k05_table_rewritten::RULE,
    &k06_foreign_key_not_valid::RULE,
    &k07_check_not_valid::RULE,
    &k08_validate_in_same_transaction::RULE,
    &k09_set_not_null::RULE,
    &k10_key_builds_index::RULE,
    &k11_primary_key_scans::RULE,
    &k12_exclusion_constraint::RULE,
    &k13_type_change_rewrites::RULE,
    &k14_column_rewrites::RULE,
    &k15_default_rewrites::RULE,
    &k16_timeout_off::RULE,
    &k17_many_tables_locked::RULE,
    &k18_drop_table_with_foreign_keys::RULE,
    &k19_schema_and_data::RULE,
    &k20_unbatched_write::RULE,
    &k21_table_copied::RULE,
    &k22_explicit_lock::RULE,
    &k23_enum_reordered::RULE,
    &k24_expression_default::RULE,
    &k25_column_copies::RULE,
    &k26_constraint_copies::RULE,
    &k27_alters_to_merge::RULE,
    &k28_algorithm_refused::RULE,
    &k29_long_lock_wait::RULE,
    &k30_sqlite_writers_wait::RULE,
    &k31_refresh_not_concurrent::RULE,
    &k32_index_gap::RULE,
    &k33_access_changed::RULE,
    &k34_trigger_locks::RULE,
    &k35_index_beside_changes::RULE,
    &l01_drop_table::RULE,
    &l02_drop_column::RULE,
    &l03_drop_schema::RULE,
    &l04_truncate::RULE,
    &l05_create_over_table::RULE,
    &l06_drop_and_add_column::RULE,
    &l07_drop_and_add_same_column::RULE,
    &l08_lossy_type_change::RULE,
    &l09_enum_value_removed::RULE,
    &l10_unique_on_duplicates::RULE,
    &l11_not_null_on_nulls::RULE,
    &l12_required_column::RULE,
    &l13_implicit_zero::RULE,
    &l14_primary_key_changed::RULE,
    &l15_scalar_to_array::RULE,
    &l16_constraint_dropped::RULE,
    &l17_drop_not_null::RULE,
    &l18_drop_referenced_table::RULE,
    &l19_rebuild_loses_objects::RULE,
    &l20_column_sqlite_cannot_add::RULE,
    &l21_column_sqlite_cannot_drop::RULE,
    &l22_legacy_rename::RULE,
    &l23_type_affinity::RULE,
    &l24_text_shrunk::RULE,
    &l25_foreign_keys_unchecked::RULE,
    &l26_orphans::RULE,
    &l27_check_violated::RULE,
    &l28_write_without_where::RULE,
    &l29_backfill_not_idempotent::RULE,
];
