//! Which object a step is about, or needs.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Member, Name, Signature};

/// An object, or a part of one that is made and dropped by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Object {
    /// A schema.
    Namespace(String),
    /// An extension.
    Extension(String),
    /// An enum, a domain, a composite type or a range type.
    Type(Name),
    /// A check of a domain.
    DomainCheck(Member),
    /// A function, a procedure or an aggregate.
    Routine(Signature),
    /// A sequence; not the one of an identity column, which is part of the column.
    Sequence(Name),
    /// That a sequence belongs to a column.
    SequenceOwner(Name),
    /// A table, partitioned or not.
    Table(Name),
    /// That a table is a partition of another.
    Attachment(Name),
    /// A column of a table.
    Column(Member),
    /// The default of a column.
    Default(Member),
    /// A constraint of a table.
    Constraint(Member),
    /// An index that no constraint made.
    Index(Name),
    /// That an index is the part of a partitioned index.
    IndexAttachment(Name),
    /// Which row a table's replication tells, when it is not the primary key.
    ReplicaIdentity(Name),
    /// Which index a table is clustered on.
    Clustering(Name),
    /// A view, materialized or not.
    View(Name),
    /// A trigger.
    Trigger(Member),
    /// Whether row security is on.
    RowSecurity(Name),
    /// A policy.
    Policy(Member),
}

impl Object {
    /// What it goes with when that is dropped.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        match self {
            Self::DomainCheck(member) => Some(Self::Type(member.of.clone())),
            Self::SequenceOwner(name) => Some(Self::Sequence(name.clone())),
            Self::Column(member) | Self::Constraint(member) | Self::Policy(member) => {
                Some(Self::Table(member.of.clone()))
            }
            Self::Default(member) => Some(Self::Column(member.clone())),
            Self::Attachment(name)
            | Self::ReplicaIdentity(name)
            | Self::Clustering(name)
            | Self::RowSecurity(name) => Some(Self::Table(name.clone())),
            Self::IndexAttachment(name) => Some(Self::Index(name.clone())),
            // Of a table or a view: the catalog says which.
            Self::Index(_) | Self::Trigger(_) => None,
            Self::Namespace(_)
            | Self::Extension(_)
            | Self::Type(_)
            | Self::Routine(_)
            | Self::Sequence(_)
            | Self::Table(_)
            | Self::View(_) => None,
        }
    }
}

impl fmt::Display for Object {
    /// As in a sentence: `column users.email`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(name) => write!(f, "schema {name}"),
            Self::Extension(name) => write!(f, "extension {name}"),
            Self::Type(name) => write!(f, "type {}", name.plain()),
            Self::DomainCheck(member) => write!(f, "check {}", member.plain()),
            Self::Routine(signature) => {
                write!(f, "function {}({})", signature.name.plain(), signature.arguments)
            }
            Self::Sequence(name) => write!(f, "sequence {}", name.plain()),
            Self::SequenceOwner(name) => write!(f, "owner of sequence {}", name.plain()),
            Self::Table(name) => write!(f, "table {}", name.plain()),
            Self::Attachment(name) => write!(f, "partition {}", name.plain()),
            Self::Column(member) => write!(f, "column {}", member.plain()),
            Self::Default(member) => write!(f, "default of {}", member.plain()),
            Self::Constraint(member) => write!(f, "constraint {}", member.plain()),
            Self::Index(name) => write!(f, "index {}", name.plain()),
            Self::IndexAttachment(name) => write!(f, "partition index {}", name.plain()),
            Self::ReplicaIdentity(name) => write!(f, "replica identity of {}", name.plain()),
            Self::Clustering(name) => write!(f, "clustering of {}", name.plain()),
            Self::View(name) => write!(f, "view {}", name.plain()),
            Self::Trigger(member) => write!(f, "trigger {}", member.plain()),
            Self::RowSecurity(name) => write!(f, "row security of {}", name.plain()),
            Self::Policy(member) => write!(f, "policy {}", member.plain()),
        }
    }
}
