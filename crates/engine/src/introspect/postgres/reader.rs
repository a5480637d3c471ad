//! What the readers of all kinds share: the session, the scope, and which object an oid is.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use xtask_db_schema::Unmodelled;
use xtask_db_schema::postgres::{Catalog, Name, Object};
use xtask_db_sql::{Dialect, ident};

use crate::reset::Keep;
use crate::{DbError, Error, Scope, Session};

/// A system catalog whose rows are objects or parts of them; an oid is unique in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// `pg_namespace`
    Namespace,
    /// `pg_extension`
    Extension,
    /// `pg_type`
    Type,
    /// `pg_class`
    Relation,
    /// `pg_proc`
    Routine,
    /// `pg_constraint`
    Constraint,
    /// `pg_attrdef`
    Default,
    /// `pg_rewrite`
    Rule,
    /// `pg_trigger`
    Trigger,
    /// `pg_policy`
    Policy,
}

/// An oid as JSON has it.
pub(super) type Oid = i64;

/// Reads rows, and gathers what they are.
///
/// In every query `current_schema()` is the session's own schema and the only one in the search
/// path, and `current_setting('xtask_db.schemas')::text[]` are the managed ones.
pub(super) struct Reader<'a> {
    /// What was found so far.
    pub(super) catalog: Catalog,
    session: &'a mut Session,
    keep: Keep,
    objects: BTreeMap<(Class, Oid, i16), Object>,
}

impl<'a> Reader<'a> {
    /// Opens the transaction in which everything is read.
    pub(super) async fn open(session: &'a mut Session, scope: &Scope) -> Result<Self, Error> {
        let own = session.names.schema.clone().unwrap_or_default();
        let schemas =
            if scope.schemas.is_empty() { vec![own.clone()] } else { scope.schemas.clone() };
        let schemas: Vec<String> = schemas.iter().map(|schema| session.lit(schema)).collect();
        // Texts are printed for this path. `pg_temp` last, or it would come first.
        let sql = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
             SET LOCAL search_path = {}, pg_temp; \
             SELECT set_config('xtask_db.schemas', ARRAY[{}]::text[]::text, true); \
             SET LOCAL quote_all_identifiers = off; SET LOCAL extra_float_digits = 3; \
             SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres'; \
             SET LOCAL bytea_output = 'hex'; SET LOCAL xmloption = 'content'",
            ident(Dialect::Postgres, &own),
            schemas.join(", ")
        );
        let keep = Keep::of(scope, &session.names);
        session.tool("opening a transaction to read the catalog", &sql).await?;
        Ok(Self { catalog: Catalog::default(), session, keep, objects: BTreeMap::new() })
    }

    /// Ends the transaction.
    pub(super) async fn close(self) -> Result<Catalog, Error> {
        self.session.tool("ending the transaction", "ROLLBACK").await?;
        Ok(self.catalog)
    }

    /// The rows of a query, each read from its columns by name.
    pub(super) async fn rows<T: DeserializeOwned>(
        &mut self,
        doing: &'static str,
        sql: &str,
    ) -> Result<Vec<T>, Error> {
        let sql = format!("SELECT pg_catalog.row_to_json(x)::text FROM ({sql}) x");
        let rows = self.session.read(doing, &sql).await?;
        let texts = rows.into_iter().filter_map(|row| row.into_iter().next().flatten());
        let parsed = texts.map(|text| {
            serde_json::from_str(&text).map_err(|error| Error::Server {
                doing,
                error: DbError::unexpected(&format!("{error} in {text}")),
            })
        });
        parsed.collect()
    }

    /// An object of this name is nobody's business here.
    pub(super) fn keeps(&self, name: &str) -> bool {
        self.keep.keeps(name)
    }

    /// Remembers which object a row of a system catalog is, or belongs to.
    pub(super) fn know(&mut self, class: Class, oid: Oid, object: Object) {
        self.objects.insert((class, oid, 0), object);
    }

    /// Remembers which object a column is.
    pub(super) fn know_column(&mut self, relation: Oid, number: i16, object: Object) {
        self.objects.insert((Class::Relation, relation, number), object);
    }

    /// The object of a row, when it is in the scope.
    pub(super) fn object(&self, class: Class, oid: Oid) -> Option<&Object> {
        self.objects.get(&(class, oid, 0))
    }

    /// The object of a row or, where there is one, of its part.
    pub(super) fn part(&self, class: Class, oid: Oid, number: i16) -> Option<&Object> {
        self.objects.get(&(class, oid, number)).or_else(|| self.object(class, oid))
    }

    /// The name of a table, view, sequence or index, when it is in the scope.
    pub(super) fn relation(&self, oid: Oid) -> Option<&Name> {
        match self.object(Class::Relation, oid)? {
            Object::Table(name)
            | Object::View(name)
            | Object::Sequence(name)
            | Object::Index(name) => Some(name),
            _ => None,
        }
    }

    /// Names what is there and not in the model.
    pub(super) fn name(&mut self, kind: &str, name: &str) {
        let one = Unmodelled { kind: kind.to_owned(), name: name.to_owned() };
        self.catalog.unmodelled.push(one);
    }
}
