//! ALTER TABLE, INDEX, VIEW, MATERIALIZED VIEW, SEQUENCE and FOREIGN TABLE.

use schema::Firing;
use squawk_parser::SyntaxKind;

use super::super::statement::{AlterAction, AlterColumn, Kind, Relation};
use super::tree::Node;
use super::{constraints, create_table, names, sequences, types};

/// One of these statements; None for what is none.
pub(super) fn alter(node: Node<'_>) -> Option<Kind> {
    let (relation, name) = match node.kind() {
        SyntaxKind::ALTER_TABLE => (Relation::Table, SyntaxKind::TABLE_RELATION_NAME),
        SyntaxKind::ALTER_FOREIGN_TABLE => (Relation::ForeignTable, SyntaxKind::TABLE_RELATION_NAME),
        SyntaxKind::ALTER_INDEX => (Relation::Index, SyntaxKind::INDEX_REF),
        SyntaxKind::ALTER_VIEW => (Relation::View, SyntaxKind::VIEW_REF),
        SyntaxKind::ALTER_MATERIALIZED_VIEW => (Relation::MaterializedView, SyntaxKind::VIEW_REF),
        SyntaxKind::ALTER_SEQUENCE => (Relation::Sequence, SyntaxKind::SEQUENCE_REF),
        _ => return None,
    };
    if node.has(SyntaxKind::ALL_IN_TABLESPACE) {
        return Some(Kind::Nothing);
    }
    let name = node.child(name)?;
    // `ONLY` stands before the name.
    let only = name.has(SyntaxKind::ONLY_KW);
    let name_ref =
        if name.kind() == SyntaxKind::TABLE_RELATION_NAME { name.child(SyntaxKind::TABLE_NAME_REF)? } else { name };
    let name_ref = names::qname(name_ref)?;
    let if_exists = node.has(SyntaxKind::IF_EXISTS);
    let options = sequences::options(node);
    if relation == Relation::Sequence && !options.is_empty() {
        return Some(Kind::AlterSequence { name: name_ref, if_exists, options });
    }
    let behind = node.children().filter(|it| it.start() >= name.end() && it.kind() != SyntaxKind::COMMA);
    let actions = behind.map(action).collect::<Option<Vec<_>>>()?;
    Some(Kind::AlterRelation { only, relation, name: name_ref, if_exists, actions })
}

/// None only where something is missing.
fn action(node: Node<'_>) -> Option<AlterAction> {
    let if_exists = node.has(SyntaxKind::IF_EXISTS);
    let cascade = node.has(SyntaxKind::CASCADE);
    let constraint = || names::ident(node.child(SyntaxKind::CONSTRAINT_NAME_REF)?);
    let column = || names::ident(node.child(SyntaxKind::COLUMN_NAME_REF)?);
    let table = || names::qname(node.child(SyntaxKind::TABLE_NAME_REF)?);
    Some(match node.kind() {
        SyntaxKind::ADD_COLUMN => AlterAction::AddColumn {
            column: Box::new(create_table::column(node)?),
            if_not_exists: node.has(SyntaxKind::IF_NOT_EXISTS),
        },
        SyntaxKind::DROP_COLUMN => AlterAction::DropColumn { name: column()?, if_exists, cascade },
        SyntaxKind::ALTER_COLUMN | SyntaxKind::ALTER_VIEW_COLUMN => {
            AlterAction::AlterColumn { name: column()?, action: alter_column(node)? }
        }
        SyntaxKind::RENAME_COLUMN => {
            AlterAction::RenameColumn { from: column()?, to: names::ident(node.child(SyntaxKind::COLUMN_NAME)?)? }
        }
        SyntaxKind::ADD_CONSTRAINT => {
            AlterAction::AddConstraint(Box::new(node.children().find_map(constraints::of_table)?))
        }
        SyntaxKind::ALTER_CONSTRAINT if node.children().any(constraints::is_deferral) => {
            AlterAction::AlterConstraint { name: constraint()?, deferral: constraints::deferral(node) }
        }
        SyntaxKind::DROP_CONSTRAINT => AlterAction::DropConstraint { name: constraint()?, if_exists, cascade },
        SyntaxKind::RENAME_CONSTRAINT => AlterAction::RenameConstraint {
            from: constraint()?,
            to: names::ident(node.child(SyntaxKind::CONSTRAINT_NAME)?)?,
        },
        SyntaxKind::VALIDATE_CONSTRAINT => AlterAction::ValidateConstraint { name: constraint()? },
        SyntaxKind::TABLE_RENAME_TO
        | SyntaxKind::INDEX_RENAME_TO
        | SyntaxKind::VIEW_RENAME_TO
        | SyntaxKind::SEQUENCE_RENAME_TO => {
            AlterAction::RenameTo { to: names::ident(node.behind(SyntaxKind::TO_KW)?)? }
        }
        SyntaxKind::SET_SCHEMA => AlterAction::SetNamespace { to: names::ident(node.child(SyntaxKind::SCHEMA_REF)?)? },
        SyntaxKind::ENABLE_RLS => AlterAction::RowLevelSecurity { enabled: true },
        SyntaxKind::DISABLE_RLS => AlterAction::RowLevelSecurity { enabled: false },
        SyntaxKind::FORCE_RLS => AlterAction::ForceRowLevelSecurity { forced: true },
        SyntaxKind::NO_FORCE_RLS => AlterAction::ForceRowLevelSecurity { forced: false },
        SyntaxKind::ENABLE_TRIGGER => firing(node, Firing::Enabled)?,
        SyntaxKind::ENABLE_REPLICA_TRIGGER => firing(node, Firing::Replica)?,
        SyntaxKind::ENABLE_ALWAYS_TRIGGER => firing(node, Firing::Always)?,
        SyntaxKind::DISABLE_TRIGGER => firing(node, Firing::Disabled)?,
        SyntaxKind::ATTACH_PARTITION => {
            AlterAction::AttachPartition { partition: table()?, bound: create_table::bound(node) }
        }
        SyntaxKind::ATTACH_INDEX_PARTITION => {
            AlterAction::AttachPartition { partition: names::qname(node.child(SyntaxKind::INDEX_REF)?)?, bound: None }
        }
        SyntaxKind::DETACH_PARTITION => AlterAction::DetachPartition { partition: table()? },
        SyntaxKind::INHERIT_TABLE => AlterAction::Inherit { parent: table()? },
        SyntaxKind::NO_INHERIT_TABLE => AlterAction::NoInherit { parent: table()? },
        SyntaxKind::SET_LOGGED => AlterAction::SetLogged { logged: true },
        SyntaxKind::SET_UNLOGGED => AlterAction::SetLogged { logged: false },
        SyntaxKind::SET_OPTIONS => AlterAction::SetOptions(create_table::options(node)),
        SyntaxKind::RESET_OPTIONS => {
            AlterAction::ResetOptions(create_table::options(node).into_iter().map(|(name, _)| name).collect())
        }
        SyntaxKind::SET_TABLESPACE => {
            AlterAction::SetTablespace { tablespace: names::ident(node.child(SyntaxKind::TABLESPACE_REF)?)? }
        }
        SyntaxKind::SET_ACCESS_METHOD => match node.child(SyntaxKind::ACCESS_METHOD_REF).and_then(names::ident) {
            Some(method) => AlterAction::SetAccessMethod { method },
            None => AlterAction::Nothing,
        },
        _ => AlterAction::Nothing,
    })
}

/// Of one trigger, of ALL or of those of a USER.
fn firing(node: Node<'_>, firing: Firing) -> Option<AlterAction> {
    let trigger = match node.child(SyntaxKind::TRIGGER_REF) {
        Some(trigger) => Some(names::ident(trigger)?),
        None => None,
    };
    Some(AlterAction::SetFiring { trigger, firing })
}

fn alter_column(node: Node<'_>) -> Option<AlterColumn> {
    let always = |it: Node<'_>| it.has(SyntaxKind::GENERATED_ALWAYS);
    let is_name = |it: &Node<'_>| it.is_token() || it.kind() == SyntaxKind::COLUMN_NAME_REF;
    let action = node.children().find(|it| !is_name(it))?;
    let if_exists = action.has(SyntaxKind::IF_EXISTS);
    Some(match action.kind() {
        SyntaxKind::SET_TYPE => AlterColumn::SetType {
            type_name: types::type_in(action)?,
            collation: action
                .child(SyntaxKind::COLLATE)
                .and_then(|it| it.child(SyntaxKind::COLLATION_REF))
                .map(names::spelled),
            using: action
                .child(SyntaxKind::USING_EXPR)
                .and_then(|it| it.behind(SyntaxKind::USING_KW))
                .map(Node::snippet),
        },
        SyntaxKind::SET_DEFAULT => AlterColumn::SetDefault(action.behind(SyntaxKind::DEFAULT_KW)?.snippet()),
        SyntaxKind::DROP_DEFAULT => AlterColumn::DropDefault,
        SyntaxKind::SET_NOT_NULL => AlterColumn::SetNotNull,
        SyntaxKind::DROP_NOT_NULL => AlterColumn::DropNotNull,
        SyntaxKind::SET_EXPRESSION => AlterColumn::SetExpression(action.inside()?.snippet()),
        SyntaxKind::DROP_EXPRESSION => AlterColumn::DropExpression { if_exists },
        SyntaxKind::ADD_GENERATED => AlterColumn::AddIdentity {
            always: always(action),
            options: action.child(SyntaxKind::SEQUENCE_OPTION_LIST).map(sequences::options).unwrap_or_default(),
        },
        SyntaxKind::SET_GENERATED_OPTIONS => AlterColumn::SetIdentity {
            always: action.children().filter(|it| it.kind() == SyntaxKind::SET_GENERATED).map(always).last(),
            options: set_options(action),
        },
        SyntaxKind::SET_GENERATED | SyntaxKind::SET_SEQUENCE_OPTION | SyntaxKind::RESTART => AlterColumn::SetIdentity {
            always: node.child(SyntaxKind::SET_GENERATED).map(always),
            options: set_options(node),
        },
        SyntaxKind::DROP_IDENTITY => AlterColumn::DropIdentity { if_exists },
        _ => AlterColumn::Nothing,
    })
}

/// `SET INCREMENT 2`, `RESTART 3` right inside a node.
fn set_options(node: Node<'_>) -> Vec<super::super::statement::SequenceOption> {
    let options = node.children().filter_map(|child| match child.kind() {
        SyntaxKind::SET_SEQUENCE_OPTION => child.children().find_map(sequences::option),
        _ => sequences::option(child),
    });
    options.collect()
}
