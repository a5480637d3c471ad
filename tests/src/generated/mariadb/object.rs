//! Views, triggers, routines, events and sequences.

use super::world::{World, quoted, word};
use crate::support::Random;

/// An object beside the tables.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) name: String,
    pub(super) body: Body,
}

/// What it is.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// Over tables and views by name, and columns by table and name.
    View {
        over: Vec<String>,
        uses: Vec<(String, String)>,
        header: &'static str,
        sql: String,
    },
    Trigger {
        table: String,
        uses: Vec<String>,
        when: &'static str,
        sql: String,
    },
    /// `function`, `procedure`.
    Routine {
        kind: &'static str,
        sql: String,
    },
    Event {
        sql: String,
    },
    Sequence {
        sql: String,
    },
}

impl Object {
    pub(super) fn draw(world: &mut World, random: &mut Random) -> Option<Self> {
        let (start, body) = match random.below(8) {
            0..=2 => ("v", view(world, random)?),
            3 | 4 => ("tr", trigger(world, random)?),
            5 => ("f", routine(random)),
            6 => ("e", event(random)),
            _ => ("s", sequence(random)),
        };
        Some(Self { name: world.name(start, random), body })
    }

    /// The same kind of thing, of other words.
    pub(super) fn draw_again(&mut self, world: &World, random: &mut Random) {
        let body = match &self.body {
            Body::View { .. } => view(world, random),
            Body::Trigger { .. } => trigger(world, random),
            Body::Routine { kind, .. } => {
                let kind = *kind;
                Some(routine(random)).filter(
                    |other| matches!(other, Body::Routine { kind: other, .. } if *other == kind),
                )
            }
            Body::Event { .. } => Some(event(random)),
            Body::Sequence { .. } => Some(sequence(random)),
        };
        let own = |over: &[String]| over.contains(&self.name);
        let circular = matches!(&body, Some(Body::View { over, .. }) if own(over));
        if let Some(body) = body.filter(|_| !circular) {
            self.body = body;
        }
    }
}

fn view(world: &World, random: &mut Random) -> Option<Body> {
    const HEADERS: [&str; 5] =
        ["", "", "algorithm = merge ", "algorithm = temptable ", "sql security invoker "];
    let header = word(random, &HEADERS);
    let views: Vec<&Object> =
        world.objects.iter().filter(|one| matches!(one.body, Body::View { .. })).collect();
    if random.chance(30) && !views.is_empty() {
        let over = random.pick(&views).name.clone();
        let sql = format!("select v.id, v.id + {} as n from {} v", random.below(5), quoted(&over));
        return Some(Body::View { over: vec![over], uses: Vec::new(), header, sql });
    }
    if world.tables.is_empty() {
        return None;
    }
    let table = random.pick(&world.tables);
    let mut uses = Vec::new();
    let mut columns = vec!["a.id".to_owned()];
    for column in &table.columns {
        if random.chance(50) && !columns.iter().any(|one| one.contains(&quoted(&column.name))) {
            uses.push((table.name.clone(), column.name.clone()));
            columns.push(format!("a.{}", quoted(&column.name)));
        }
    }
    let from = quoted(&table.name);
    let columns = columns.join(", ");
    let mut over = vec![table.name.clone()];
    let sql = match random.below(5) {
        3 => format!(
            "with x as (select {columns} from {from} a) select x.*, row_number() over (order by x.id) \
             as n from x"
        ),
        0 => format!("select {columns} from {from} a where a.id <> 'it''s'"),
        1 if header != "algorithm = temptable " => {
            format!("select {columns} from {from} a where a.id > 0 with cascaded check option")
        }
        2 => {
            let other = random.pick(&world.tables).name.clone();
            let sql = format!(
                "select {columns}, count(*) as `order` from {from} a left join {} b \
                 on b.id = a.id group by a.id having count(*) > 1 order by 1 desc limit 5",
                quoted(&other)
            );
            over.push(other);
            sql.replace(" group by a.id", &format!(" group by {columns}"))
        }
        _ => format!("select {columns} from {from} a union all select {columns} from {from} a"),
    };
    // No header says `merge` of what cannot be merged.
    let header = if sql.contains("with cascaded") { header } else { header.replace_merge() };
    Some(Body::View { over, uses, header, sql })
}

trait Header {
    fn replace_merge(self) -> &'static str;
}

impl Header for &'static str {
    fn replace_merge(self) -> &'static str {
        if self.contains("merge") { "" } else { self }
    }
}

fn trigger(world: &World, random: &mut Random) -> Option<Body> {
    if world.tables.is_empty() {
        return None;
    }
    let table = random.pick(&world.tables);
    let when = word(random, &["before insert", "after insert", "before update", "after delete"]);
    let number = random.below(100);
    let column = table.columns.iter().find(|column| column.uses.is_empty());
    let (sql, uses) = match column.filter(|_| when.starts_with("before")) {
        Some(column) => {
            let name = quoted(&column.name);
            (format!("set new.{name} = new.{name}"), vec![column.name.clone()])
        }
        None => (format!("begin\n  set @a = {number};\n  -- it's\n  set @b = 'x;y';\nend"), vec![]),
    };
    Some(Body::Trigger { table: table.name.clone(), uses, when, sql })
}

fn routine(random: &mut Random) -> Body {
    let number = random.below(100);
    if random.chance(50) {
        let sql =
            format!("(x int) returns int\n  deterministic\n  comment 'it''s'\nreturn x + {number}");
        return Body::Routine { kind: "function", sql };
    }
    let sql = format!(
        "(in a int, out `b c` varchar(20))\nsql security invoker\nbegin\n  declare n int default \
         {number};\n  if a > 1 then set `b c` = ';'; else set `b c` = 'x'; end if;\nend"
    );
    Body::Routine { kind: "procedure", sql }
}

fn event(random: &mut Random) -> Body {
    let number = 1 + random.below(9);
    let starts = if random.chance(50) { "" } else { " starts '2020-01-01 00:00:00'" };
    let state = word(random, &["", " on completion preserve disable", " comment 'it''s'"]);
    Body::Event {
        sql: format!("on schedule every {number} day{starts}{state} do set @a = {number}"),
    }
}

fn sequence(random: &mut Random) -> Body {
    let (step, least) = (1 + random.below(3), random.below(5));
    let cycle = word(random, &["", " cycle"]);
    let start = least + random.below(5);
    Body::Sequence {
        sql: format!(
            "start with {start} minvalue {least} maxvalue {} increment by {step} cache {}{cycle}",
            1000 + random.below(3),
            10 + random.below(3)
        ),
    }
}
