//! Words that are names only in quotes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Reserved words of MySQL 8 and 9 and of MariaDB 10.6 to 11, and the functions whose name alone is
/// a keyword under `IGNORE_SPACE`. Both servers list theirs in
/// `information_schema.KEYWORDS`.
const WORDS: &str = "\
    accessible add adddate all alter analyze and as asc asensitive before between bigint binary \
    bit_and bit_or bit_xor blob body both by call cascade case cast change char character check \
    collate column condition constraint continue convert count create cross cube cume_dist \
    curdate current_date current_role current_time current_timestamp current_user cursor curtime \
    database databases date_add date_sub day_hour day_microsecond day_minute day_second dec \
    decimal declare default delayed delete delete_domain_id dense_rank desc describe \
    deterministic distinct distinctrow div double do_domain_ids drop dual each else elseif elsif \
    empty enclosed escaped except exists exit explain extract false fetch first_value float \
    float4 float8 for force foreign from fulltext function generated get goto grant group \
    grouping groups group_concat having high_priority history hour_microsecond hour_minute \
    hour_second if ignore ignore_domain_ids ignore_server_ids in index infile inner inout \
    insensitive insert int int1 int2 int3 int4 int8 integer intersect interval into \
    io_after_gtids io_before_gtids is iterate join json_table key keys kill lag last_value \
    lateral lead leading leave left library like limit linear lines load localtime \
    localtimestamp lock long longblob longtext loop low_priority manual master_bind \
    master_demote_to_replica master_demote_to_slave master_heartbeat_period \
    master_ssl_verify_server_cert match max maxvalue mediumblob mediumint mediumtext mid \
    middleint min minute_microsecond minute_second mod modifies natural not now \
    no_write_to_binlog nth_value ntile null numeric of offset on optimize optimizer_costs option \
    optionally or order others out outer outfile over package page_checksum parallel \
    parse_vcol_expr partition percent_rank period portion position precision primary procedure \
    purge qualify raise range rank read reads read_write real recursive references ref_system_id \
    regexp release rename repeat replace require resignal restrict return returning revoke right \
    rlike row rows rowtype row_number schema schemas second_microsecond select sensitive \
    separator session_user set show signal slow smallint spatial specific sql sqlexception \
    sqlstate sqlwarning sql_big_result sql_calc_found_rows sql_small_result ssl starting \
    stats_auto_recalc stats_persistent stats_sample_pages std stddev stddev_pop stddev_samp \
    stored straight_join subdate substr substring sum sysdate system system_user table \
    tablesample terminated then tinyblob tinyint tinytext to trailing trigger trim true undo \
    union unique unlock unsigned update usage use using utc_date utc_time utc_timestamp values \
    varbinary varchar varcharacter variance varying var_pop var_samp virtual when where while \
    window with write xor year_month zerofill";

static RESERVED: LazyLock<BTreeSet<&str>> = LazyLock::new(|| WORDS.split(' ').collect());

/// Whether a name is one of them, whatever its case.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(name.to_ascii_lowercase().as_str())
}
