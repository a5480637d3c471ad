//! What becomes of values when a column gets another type. A pure guess from the names of the two:
//! it decides what is said and whether a conversion is spelt out, never whether there is a step.

/// What a change of type does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cast {
    /// How the values get there.
    pub(super) way: Way,
    /// Every row is written again.
    pub(super) rewrites: bool,
    /// What may become of a value.
    pub(super) risk: Risk,
}

/// How values get another type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The server does it as in an assignment, which refuses what does not fit.
    Assigned,
    /// `USING c::type`
    Cast,
    /// `USING c::text::type`
    ThroughText,
}

/// What may become of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Risk {
    /// Nothing.
    None,
    /// The statement fails when it does not fit; the condition that finds such values, with `$`
    /// for the column.
    Refused(Option<Fit>),
    /// It is changed for good.
    Changed(&'static str),
}

/// A value fits when it is not longer, or within these bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Chars(u32),
    Between(i64, i64),
}

/// Between two types of which nothing is known.
pub(super) const THROUGH_TEXT: Cast =
    Cast { way: Way::ThroughText, rewrites: true, risk: Risk::Refused(None) };

const STRINGS: [&str; 6] = ["text", "character varying", "character", "bpchar", "name", "citext"];
const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
const TIMES: [&str; 3] = ["date", "timestamp without time zone", "timestamp with time zone"];
/// Pairs between which values go by assignment, both ways.
const ALIKE: [[&str; 2]; 5] = [
    ["json", "jsonb"],
    ["bit", "bit varying"],
    ["cidr", "inet"],
    ["macaddr", "macaddr8"],
    ["time without time zone", "time with time zone"],
];

/// A type without its modifiers and the brackets of an array.
pub(super) fn base(type_name: &str) -> String {
    Type::of(type_name).base
}

/// The type of text through which values get to a type: an array of it for an array.
pub(super) fn text_like(type_name: &str) -> &'static str {
    if type_name.ends_with("[]") { "text[]" } else { "text" }
}

/// What the change from one type to another does.
pub(super) fn cast(from: &str, to: &str) -> Cast {
    let (from, to) = (Type::of(from), Type::of(to));
    let plain = |way, rewrites, risk| Cast { way, rewrites, risk };
    if from.array != to.array {
        return THROUGH_TEXT;
    }
    if from.base == to.base {
        return modifiers(&from, &to);
    }
    let place = |all: &[&str], one: &Type| all.iter().position(|name| *name == one.base);
    let strings = [place(&STRINGS, &from), place(&STRINGS, &to)];
    if let [_, Some(_)] = strings {
        let padded = from.base == "character" || to.base == "character";
        let rewrites = strings[0].is_none() || padded || !to.modifiers.is_empty();
        return plain(Way::Assigned, rewrites, length(&to));
    }
    if strings[0].is_some() {
        let way = if from.array { Way::ThroughText } else { Way::Cast };
        return plain(way, true, Risk::Refused(None));
    }
    if let (Some(old), Some(new)) = (place(&NUMBERS, &from), place(&NUMBERS, &to)) {
        return plain(Way::Assigned, true, number(old, new, &to));
    }
    if let (Some(old), Some(new)) = (place(&TIMES, &from), place(&TIMES, &to)) {
        let risk = match (old, new) {
            (_, 0) => Risk::Changed("the time of day is lost"),
            (0, _) => Risk::None,
            _ => Risk::Changed("values are read in the session's time zone"),
        };
        return plain(Way::Assigned, true, risk);
    }
    if ALIKE.iter().any(|pair| pair.contains(&&*from.base) && pair.contains(&&*to.base)) {
        let risk = match to.base.as_str() {
            "jsonb" => Risk::Changed("spaces, the order of keys and repeated keys are lost"),
            "time without time zone" => Risk::Changed("the time zone is lost"),
            "inet" | "json" | "macaddr8" | "time with time zone" => Risk::None,
            _ => Risk::Refused(None),
        };
        return plain(Way::Assigned, true, risk);
    }
    THROUGH_TEXT
}

/// The same type with other modifiers.
fn modifiers(from: &Type, to: &Type) -> Cast {
    let plain = |rewrites, risk| Cast { way: Way::Assigned, rewrites, risk };
    let (old, new) = (from.modifiers.as_slice(), to.modifiers.as_slice());
    match (to.base.as_str(), old, new) {
        _ if old == new => plain(false, Risk::None),
        ("character varying", _, []) => plain(false, Risk::None),
        ("character varying", [old], [new]) if old <= new => plain(false, Risk::None),
        ("character varying" | "character" | "bpchar", ..) => plain(true, length(to)),
        ("numeric", _, []) => plain(false, Risk::None),
        ("numeric", [p, s], [q, t]) if s == t && p <= q => plain(false, Risk::None),
        ("numeric", [p, s], [q, t]) if s <= t && p + t <= q + s => plain(true, Risk::None),
        ("numeric", ..) => plain(true, Risk::Changed("values are rounded")),
        ("bit varying", _, []) => plain(false, Risk::None),
        ("bit" | "bit varying", ..) => plain(true, Risk::Refused(None)),
        (_, _, []) => plain(false, Risk::None),
        (_, [old], [new]) if old <= new => plain(false, Risk::None),
        _ => plain(true, Risk::Changed("values are rounded")),
    }
}

fn length(to: &Type) -> Risk {
    match (to.base.as_str(), to.modifiers.as_slice()) {
        ("text" | "citext", _) | ("character varying", []) => Risk::None,
        (_, [length]) if !to.array => Risk::Refused(Some(Fit::Chars(*length))),
        _ => Risk::Refused(None),
    }
}

fn number(old: usize, new: usize, to: &Type) -> Risk {
    const NUMERIC: usize = 3;
    let fit = match new {
        0 => Fit::Between(i16::MIN.into(), i16::MAX.into()),
        1 => Fit::Between(i32::MIN.into(), i32::MAX.into()),
        _ => Fit::Between(i64::MIN, i64::MAX),
    };
    match () {
        () if new < NUMERIC && old >= NUMERIC => Risk::Changed("fractions are rounded"),
        () if new < old && new < NUMERIC && !to.array => Risk::Refused(Some(fit)),
        () if new < old => Risk::Changed("digits are lost"),
        () if new == NUMERIC && !to.modifiers.is_empty() => Risk::Refused(None),
        () if new > NUMERIC && old > 0 => Risk::Changed("digits may be lost"),
        () => Risk::None,
    }
}

impl Fit {
    /// The condition that finds what does not fit.
    pub(super) fn broken(self, column: &str) -> String {
        match self {
            Self::Chars(length) => format!("char_length({column}::text) > {length}"),
            Self::Between(min, max) => format!("{column} NOT BETWEEN {min} AND {max}"),
        }
    }
}

/// Whether a default has a value of its own for each row, so that all must be written.
pub(super) fn volatile(expression: &str) -> bool {
    const SAME_FOR_ALL: [&str; 4] = ["now()", "transaction_timestamp()", "current_", "CURRENT_"];
    let call = expression.contains('(') && !expression.starts_with('\'');
    call && !expression.starts_with('(')
        && !SAME_FOR_ALL.iter().any(|known| expression.contains(known))
}

#[derive(Debug)]
struct Type {
    base: String,
    modifiers: Vec<u32>,
    array: bool,
}

impl Type {
    fn of(text: &str) -> Self {
        let array = text.ends_with("[]");
        let text = text.trim_end_matches("[]");
        let unquoted = !text.contains('"');
        let Some((before, rest)) = text.split_once('(').filter(|_| unquoted) else {
            return Self { base: text.to_owned(), modifiers: Vec::new(), array };
        };
        let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
        let modifiers = inside.split(',').filter_map(|word| word.trim().parse().ok()).collect();
        Self { base: format!("{before}{after}"), modifiers, array }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_are_judged_by_the_two_types() {
        let check = |from: &str, to: &str, way: Way, rewrites: bool, risk: Risk| {
            assert_eq!(cast(from, to), Cast { way, rewrites, risk }, "{from} -> {to}");
        };
        let chars = |length| Risk::Refused(Some(Fit::Chars(length)));
        let varchar = |length: u32| format!("character varying({length})");
        check(&varchar(10), &varchar(20), Way::Assigned, false, Risk::None);
        check(&varchar(20), &varchar(10), Way::Assigned, true, chars(10));
        check("text", &varchar(10), Way::Assigned, true, chars(10));
        check(&varchar(10), "text", Way::Assigned, false, Risk::None);
        check("integer", "text", Way::Assigned, true, Risk::None);
        check("text", "integer", Way::Cast, true, Risk::Refused(None));
        check("integer", "bigint", Way::Assigned, true, Risk::None);
        let int = Risk::Refused(Some(Fit::Between(i32::MIN.into(), i32::MAX.into())));
        check("bigint", "integer", Way::Assigned, true, int);
        check("numeric(10,2)", "numeric(12,2)", Way::Assigned, false, Risk::None);
        let rounded = Risk::Changed("values are rounded");
        check("numeric(10,2)", "numeric(12,1)", Way::Assigned, true, rounded);
        check("status", "other", Way::ThroughText, true, Risk::Refused(None));
        check("integer", "integer[]", Way::ThroughText, true, Risk::Refused(None));
        check("text[]", "character varying(5)[]", Way::Assigned, true, Risk::Refused(None));
        let rounded = Risk::Changed("values are rounded");
        let (six, three) = ("timestamp(6) without time zone", "timestamp(3) without time zone");
        check(six, three, Way::Assigned, true, rounded);
        check(three, six, Way::Assigned, false, Risk::None);
    }

    #[test]
    fn defaults_that_differ_by_row() {
        let check = |text: &str, expected: bool| assert_eq!(volatile(text), expected, "{text}");
        check("0", false);
        check("'a (b)'::text", false);
        check("now()", false);
        check("CURRENT_TIMESTAMP", false);
        check("gen_random_uuid()", true);
        check("nextval('a'::regclass)", true);
        check("('a'::text)::status", false);
    }
}
