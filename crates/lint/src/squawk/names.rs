//! Which of our rules a rule of squawk is.

use squawk_linter::Rule;

/// What becomes of a rule of squawk.
pub(super) enum Ours {
    /// It is this one.
    Is(&'static str),
    /// It is not asked; the reason stands beside each.
    Left,
}

/// Rules that squawk runs only when they are named.
pub(super) const NAMED: [Rule; 14] = [
    Rule::RequireTableSchema,
    Rule::BanSetDefault,
    Rule::BanAlterGeneratedExpression,
    Rule::BanDropPolicy,
    Rule::BanAlterPolicyCondition,
    Rule::BanAlterPolicyRoles,
    Rule::BanCreatePolicy,
    Rule::BanAlterRowLevelSecurity,
    Rule::BanRevoke,
    Rule::BanDisableTrigger,
    Rule::BanDropTrigger,
    Rule::BanDetachInheritance,
    Rule::BanAlterExtension,
    Rule::BanAlterSequenceValues,
];

#[expect(clippy::too_many_lines, reason = "one exhaustive match")]
pub(super) fn ours(rule: Rule) -> Ours {
    use Ours::{Is, Left};
    match rule {
        Rule::BanDropTable => Is("L01"),
        Rule::BanDropColumn => Is("L02"),
        Rule::BanDropDatabase | Rule::BanDropSchema => Is("L03"),
        Rule::BanTruncateCascade => Is("L04"),
        Rule::AddingRequiredField => Is("L12"),
        Rule::BanDropConstraint => Is("L16"),
        Rule::BanDropNotNull => Is("L17"),
        Rule::RequireConcurrentIndexCreation => Is("K01"),
        Rule::RequireConcurrentIndexDeletion => Is("K02"),
        Rule::BanConcurrentIndexCreationInTransaction => Is("K03"),
        Rule::RequireConcurrentReindex | Rule::RequireConcurrentPartitionDetach => Is("K04"),
        Rule::PreferRepack => Is("K05"),
        Rule::AddingForeignKeyConstraint => Is("K06"),
        Rule::ConstraintMissingNotValid => Is("K07"),
        Rule::AddingNotNullableField => Is("K09"),
        Rule::AddingSerialPrimaryKeyField | Rule::DisallowedUniqueConstraint => Is("K10"),
        Rule::ChangingColumnType => Is("K13"),
        Rule::AddingFieldWithDefault => Is("K14"),
        Rule::BanAlterPolicyCondition
        | Rule::BanAlterPolicyRoles
        | Rule::BanCreatePolicy
        | Rule::BanDropPolicy
        | Rule::BanAlterRowLevelSecurity
        | Rule::BanRevoke => Is("K33"),
        Rule::RenamingTable => Is("C01"),
        Rule::RenamingColumn => Is("C02"),
        Rule::RenamingObject | Rule::BanSetSchema => Is("C03"),
        Rule::RequireEnumValueOrdering => Is("C04"),
        Rule::BanDropDefault
        | Rule::BanSetDefault
        | Rule::BanAlterIdentity
        | Rule::BanDropGeneratedExpression
        | Rule::BanAlterGeneratedExpression => Is("C06"),
        Rule::BanDuplicateColumnAssignments => Is("C08"),
        Rule::BanDropView
        | Rule::BanDropFunction
        | Rule::BanDropType
        | Rule::BanDropSequence
        | Rule::BanDropDomain
        | Rule::BanDropExtension
        | Rule::BanDropTrigger
        | Rule::BanDisableTrigger
        | Rule::BanDetachInheritance
        | Rule::BanAlterExtension
        | Rule::BanAlterSequenceValues => Is("C10"),
        Rule::PreferBigintOverInt | Rule::PreferBigintOverSmallint | Rule::PreferIdentity => {
            Is("D01")
        }
        Rule::PreferTextField | Rule::PreferTimestampTz | Rule::BanCharField => Is("D05"),
        Rule::IdentifierTooLong => Is("D07"),
        Rule::RequireTableSchema => Is("D08"),
        Rule::BanCreateDomainWithConstraint | Rule::BanAlterDomainWithAddConstraint => Is("D10"),
        Rule::TransactionNesting | Rule::BanUncommittedTransaction => Is("D11"),
        Rule::PreferRobustStmts => Is("D12"),
        // all allows are kept account of in one place
        Rule::UnusedIgnore => Left,
        // the session that deploys sets the timeouts
        Rule::RequireTimeoutSettings | Rule::RequireLockTimeout | Rule::RequireStatementTimeout => {
            Left
        }
        // an additive change breaks nobody; what reads it is C07's
        Rule::BanAddColumn => Left,
        // K02 says what it costs
        Rule::BanDropIndex => Left,
        // an additive change
        Rule::BanAddEnumValue | Rule::BanAddCompositeAttribute => Left,
        // K01, K06, K07, K09 and L10, L11, L26, L27 each say it
        Rule::BanNewWriteRestriction => Left,
        // the usual way of mending a view or a function
        Rule::BanReplaceViewFunction => Left,
        // replication is outside of the database's schema
        Rule::BanReplicaIdentity => Left,
        // settings of one object
        Rule::BanAlterFunctionOptions | Rule::BanAlterViewOptions => Left,
        // settings of the server
        Rule::BanAlterRoleOptions | Rule::BanAlterDatabaseOptions | Rule::BanAlterSystemOptions => {
            Left
        }
    }
}

/// Our ids of a name in a `squawk-ignore` comment; none when squawk has no such rule. Of a rule
/// that is not asked there is no id, and nothing to silence.
pub(crate) fn ids(name: &str) -> Option<Vec<&'static str>> {
    let rule = Rule::try_from(name).ok()?;
    let all = if rule.expands_to().is_empty() { vec![rule] } else { rule.expands_to().to_vec() };
    Some(
        all.into_iter()
            .filter_map(|rule| match ours(rule) {
                Ours::Is(id) => Some(id),
                Ours::Left => None,
            })
            .collect(),
    )
}
