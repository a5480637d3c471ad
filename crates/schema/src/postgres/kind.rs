//! Every kind of object and what it answers: one line for each kind.
//!
//! Invariant: a kind's file says nothing of comments (`comment.rs`) and grants (`grant.rs`), and
//! its `change` does not compare them.

use super::change::{Change, Site};
use super::{
    Catalog, Object, attachment, clustering, column, constraint, default, domain_check, extension,
    index, index_attachment, namespace, policy, replica_identity, routine, row_security, sequence,
    sequence_owner, table, trigger, types, view,
};
use crate::Step;

/// Asks the file of an object's kind.
macro_rules! ask {
    ($object:expr, $what:ident, $site:expr) => {
        match $object {
            Object::Namespace(name) => namespace::$what($site, name),
            Object::Extension(name) => extension::$what($site, name),
            Object::Type(name) => types::$what($site, name),
            Object::DomainCheck(name) => domain_check::$what($site, name),
            Object::Routine(name) => routine::$what($site, name),
            Object::Sequence(name) => sequence::$what($site, name),
            Object::SequenceOwner(name) => sequence_owner::$what($site, name),
            Object::Table(name) => table::$what($site, name),
            Object::Attachment(name) => attachment::$what($site, name),
            Object::Column(name) => column::$what($site, name),
            Object::Default(name) => default::$what($site, name),
            Object::Constraint(name) => constraint::$what($site, name),
            Object::Index(name) => index::$what($site, name),
            Object::IndexAttachment(name) => index_attachment::$what($site, name),
            Object::ReplicaIdentity(name) => replica_identity::$what($site, name),
            Object::Clustering(name) => clustering::$what($site, name),
            Object::View(name) => view::$what($site, name),
            Object::Trigger(name) => trigger::$what($site, name),
            Object::RowSecurity(name) => row_security::$what($site, name),
            Object::Policy(name) => policy::$what($site, name),
        }
    };
}

/// Everything in a catalog, parts too.
pub(super) fn objects(catalog: &Catalog) -> Vec<Object> {
    let mut all = Vec::new();
    all.extend(catalog.namespaces.keys().cloned().map(Object::Namespace));
    all.extend(catalog.extensions.keys().cloned().map(Object::Extension));
    all.extend(types::names(catalog).cloned().map(Object::Type));
    all.extend(domain_check::members(catalog).map(Object::DomainCheck));
    all.extend(catalog.routines.keys().cloned().map(Object::Routine));
    all.extend(catalog.sequences.keys().cloned().map(Object::Sequence));
    all.extend(sequence_owner::names(catalog).map(Object::SequenceOwner));
    for (name, table) in &catalog.tables {
        all.push(Object::Table(name.clone()));
        for column in &table.columns {
            all.push(Object::Column(name.member(&column.name)));
            if column.default.is_some() {
                all.push(Object::Default(name.member(&column.name)));
            }
        }
        let constraint = |of: &String| Object::Constraint(name.member(of));
        all.extend(table.constraints.keys().map(constraint));
        let part =
            |there: bool, object: fn(super::Name) -> Object| there.then(|| object(name.clone()));
        all.extend(part(table.partition_of.is_some(), Object::Attachment));
        all.extend(part(table.replica_identity.is_some(), Object::ReplicaIdentity));
        all.extend(part(table.clustered_on.is_some(), Object::Clustering));
    }
    for (name, index) in &catalog.indexes {
        all.push(Object::Index(name.clone()));
        all.extend(index.part_of.is_some().then(|| Object::IndexAttachment(name.clone())));
    }
    all.extend(catalog.views.keys().cloned().map(Object::View));
    all.extend(catalog.triggers.keys().cloned().map(Object::Trigger));
    all.extend(catalog.row_security.keys().cloned().map(Object::RowSecurity));
    all.extend(catalog.policies.keys().cloned().map(Object::Policy));
    all
}

/// The statements that make an object of the target.
pub(super) fn create(site: &Site<'_>, object: &Object) -> Vec<Step> {
    ask!(object, create, site)
}

/// The statements that drop an object of the source.
pub(super) fn drop(site: &Site<'_>, object: &Object) -> Vec<Step> {
    ask!(object, drop, site)
}

/// What makes an object of the source the object of that name in the target.
pub(super) fn change(site: &Site<'_>, object: &Object) -> Change {
    ask!(object, change, site)
}
