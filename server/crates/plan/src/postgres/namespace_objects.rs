//! What lives in a namespace or beside it: namespaces, extensions, roles, sequences and domains.

use dialects::postgres::statements::{
    alter_sequence, create_domain, create_extension, create_role, create_sequence, domain_check, full_name,
    role_options, scalar, short_name,
};
use dialects::quote_identifier;
use schema::{Aspect, Dialect, Domain, Map, Name, ObjectKind, ObjectPath};

use super::group::{Group, Token};
use super::order::Phase;
use super::sides::{Sides, namespace_needs};
use crate::{Hazard, LockMode, Step};

pub(crate) fn write(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    for path in sides.work.creates.keys() {
        groups.extend(created(sides, path));
    }
    for path in sides.work.drops.keys() {
        groups.extend(dropped(sides, path));
    }
    for (path, aspects) in &sides.work.alters {
        groups.extend(altered(sides, path, aspects));
    }
}

fn quoted(name: &str) -> String {
    quote_identifier(Dialect::Postgres, name)
}

fn created(sides: &Sides<'_>, path: &ObjectPath) -> Option<Group> {
    let after = sides.after;
    let (phase, steps, needs) = match path.kind {
        ObjectKind::Namespace => {
            let sql = format!("CREATE SCHEMA {};", quoted(&path.name.name));
            (Phase::CreateNamespace, vec![Step::of(path, "create_schema", sql)], Vec::new())
        }
        ObjectKind::Extension => {
            let extension = after.extensions.get(&path.name.name)?;
            let needs = extension
                .namespace
                .iter()
                .map(|it| Token::Made(ObjectPath::global(ObjectKind::Namespace, it.as_str())));
            let step = Step::of(path, "create_extension", create_extension(extension));
            (Phase::CreateExtension, vec![step], needs.collect())
        }
        ObjectKind::Role => {
            let sql = create_role(after.roles.get(&path.name.name)?);
            (Phase::CreateRole, vec![Step::of(path, "create_role", sql)], Vec::new())
        }
        ObjectKind::Sequence => {
            let sequence = after.sequences.get(&path.name)?;
            let mut steps = vec![Step::of(path, "create_sequence", create_sequence(sequence))];
            let mut needs = vec![namespace_needs(&path.name), Token::Free(path.name.clone())];
            if let Some((table, column)) = &sequence.owned_by {
                // The owner may take its default from the sequence: it comes in between.
                let owner = format!("{}.{}", short_name(table), quoted(column));
                let sql = format!("ALTER SEQUENCE {} OWNED BY {owner};", full_name(&path.name));
                let is_there = sides.before.tables.get(table).is_some_and(|it| it.columns.contains_key(column));
                if is_there {
                    steps.push(Step::of(path, "alter_sequence", sql));
                    needs.push(Token::Made(ObjectPath::new(ObjectKind::Table, table)));
                }
            }
            (Phase::CreateSequence, steps, needs)
        }
        ObjectKind::Domain => {
            let domain = after.domains.get(&path.name)?;
            let steps = create_domain(&sides.types, domain);
            let steps = steps.into_iter().map(|sql| Step::of(path, "create_domain", sql)).collect();
            let mut needs =
                vec![namespace_needs(&path.name), Token::Gone(path.clone()), Token::Free(path.name.clone())];
            needs.extend(sides.type_needs(&domain.sql_type));
            (Phase::Domain, steps, needs)
        }
        _ => return None,
    };
    Some(Group::new(phase, steps).needs(needs).gives([Token::Made(path.clone())]))
}

/// The owner of a sequence, which comes between the two where it is made together with it.
pub(crate) fn owners(sides: &Sides<'_>) -> Vec<Group> {
    let mut groups = Vec::new();
    for (name, sequence) in &sides.after.sequences {
        let path = ObjectPath::new(ObjectKind::Sequence, name);
        let Some((table, column)) = &sequence.owned_by else { continue };
        let is_owner_there = sides.before.tables.get(table).is_some_and(|it| it.columns.contains_key(column));
        let is_made = sides.work.is_created(&path) && !is_owner_there;
        if !is_made && !sides.work.has(&path, Aspect::Owner) {
            continue;
        }
        let owner = format!("{}.{}", short_name(table), quoted(column));
        let sql = format!("ALTER SEQUENCE {} OWNED BY {owner};", full_name(name));
        let column = ObjectPath::part(ObjectKind::Column, table, column.as_str());
        let table = ObjectPath::new(ObjectKind::Table, table);
        let needs = [Token::Made(path.clone()), Token::Made(column), Token::Made(table)];
        groups.push(Group::new(Phase::AddColumn, vec![Step::of(&path, "alter_sequence", sql)]).needs(needs));
    }
    groups
}

fn dropped(sides: &Sides<'_>, path: &ObjectPath) -> Option<Group> {
    let before = sides.before;
    let (phase, kind, sql) = match path.kind {
        ObjectKind::Namespace => {
            (Phase::DropNamespace, "drop_schema", format!("DROP SCHEMA {};", quoted(&path.name.name)))
        }
        ObjectKind::Extension => {
            (Phase::DropExtension, "drop_extension", format!("DROP EXTENSION {};", quoted(&path.name.name)))
        }
        ObjectKind::Role => (Phase::DropRole, "drop_role", format!("DROP ROLE {};", quoted(&path.name.name))),
        ObjectKind::Sequence => {
            (Phase::DropSequence, "drop_sequence", format!("DROP SEQUENCE {};", full_name(&path.name)))
        }
        ObjectKind::Enum => (Phase::DropEnum, "drop_enum", format!("DROP TYPE {};", full_name(&path.name))),
        ObjectKind::Domain => (Phase::DropDomain, "drop_domain", format!("DROP DOMAIN {};", short_name(&path.name))),
        _ => return None,
    };
    let needs = match path.kind {
        ObjectKind::Namespace => inside(sides, &path.name.name),
        ObjectKind::Role => role_uses(sides, &path.name.name),
        ObjectKind::Enum | ObjectKind::Domain => type_uses(sides, path),
        ObjectKind::Sequence => {
            let tables = before.tables.values();
            let columns = tables.flat_map(|table| table.columns.values().map(move |column| (table, column)));
            let taking = columns.filter(|(_, column)| {
                column
                    .default
                    .as_ref()
                    .is_some_and(|it| it.canonical.contains("nextval(") && it.text.contains(&path.name.name))
            });
            taking.flat_map(|(table, column)| changed(&table.name, &column.name)).collect()
        }
        _ => Vec::new(),
    };
    let gives = [Token::Gone(path.clone()), Token::Free(path.name.clone())];
    let lost = format!("How far the sequence {} has counted is gone.", path.name);
    let hazard = (path.kind == ObjectKind::Sequence).then_some(Hazard::LosesData(lost));
    Some(Group::new(phase, vec![Step::of(path, kind, sql).warns(hazard)]).needs(needs).gives(gives))
}

/// A column as it is to be, or gone, itself or with its table.
pub(crate) fn changed(table: &Name, column: &str) -> [Token; 2] {
    let path = ObjectPath::part(ObjectKind::Column, table, column);
    [Token::Made(path.clone()), Token::Gone(path)]
}

/// Everything in a namespace has to go before it.
fn inside(sides: &Sides<'_>, namespace: &str) -> Vec<Token> {
    let before = sides.before;
    let gone = |kind| move |name: &Name| Token::Gone(ObjectPath::new(kind, name));
    let is_in = |name: &&Name| name.namespace == namespace;
    let mut needs: Vec<Token> = before.tables.keys().filter(is_in).map(gone(ObjectKind::Table)).collect();
    needs.extend(before.views.keys().filter(is_in).map(gone(ObjectKind::View)));
    needs.extend(before.sequences.keys().filter(is_in).map(gone(ObjectKind::Sequence)));
    needs.extend(before.enums.keys().filter(is_in).map(gone(ObjectKind::Enum)));
    needs.extend(before.domains.keys().filter(is_in).map(gone(ObjectKind::Domain)));
    let routines = before.opaque.keys().filter(|key| key.on.is_none() && key.name.namespace == namespace);
    needs.extend(routines.map(|key| Token::Gone(key.path())));
    let extensions = before.extensions.values().filter(|it| it.namespace.as_deref() == Some(namespace));
    needs.extend(extensions.map(|it| Token::Gone(ObjectPath::global(ObjectKind::Extension, it.name.as_str()))));
    needs
}

/// Policies for a role and what is granted to it hold it.
fn role_uses(sides: &Sides<'_>, role: &str) -> Vec<Token> {
    let mut needs = vec![Token::Revoked(role.to_owned())];
    let tables = sides.before.tables.values();
    let own = tables.flat_map(|table| table.policies.values().map(move |policy| (&table.name, policy)));
    let linked = sides.before.policies.values().map(|linked| (&linked.on, &linked.policy));
    for (table, policy) in own.chain(linked).filter(|(_, policy)| policy.to.iter().any(|it| it == role)) {
        let path = ObjectPath::part(ObjectKind::Policy, table, policy.name.as_str());
        needs.extend([Token::Gone(path.clone()), Token::Made(path)]);
        needs.push(Token::Gone(ObjectPath::new(ObjectKind::Table, table)));
    }
    let granted = sides.before.grants.values().filter(|grant| grant.to == role);
    needs.extend(granted.map(|grant| Token::Gone(grant.on.owner())));
    needs
}

/// Columns of a type, and domains over it.
pub(crate) fn type_uses(sides: &Sides<'_>, path: &ObjectPath) -> Vec<Token> {
    let mut needs = Vec::new();
    let is_it = |sql_type: &schema::SqlType| match path.kind {
        ObjectKind::Enum => sql_type.enum_name.as_ref() == Some(&path.name),
        _ => sides.before_types.user_type(sql_type) == Some(&path.name),
    };
    for table in sides.before.tables.values() {
        let columns = table.columns.values().filter(|column| is_it(&column.sql_type));
        needs.extend(columns.flat_map(|column| changed(&table.name, &column.name)));
    }
    for domain in sides.before.domains.values().filter(|domain| is_it(&domain.sql_type)) {
        let path = ObjectPath::new(ObjectKind::Domain, &domain.name);
        needs.extend([Token::Gone(path.clone()), Token::Made(path)]);
    }
    for view in sides.before.views.values() {
        let casts = view.definition.as_ref().is_some_and(|it| it.text.contains(&path.name.name));
        needs.extend(casts.then(|| Token::Gone(ObjectPath::new(ObjectKind::View, &view.name))));
    }
    needs
}

fn altered(sides: &Sides<'_>, path: &ObjectPath, aspects: &[Aspect]) -> Option<Group> {
    match path.kind {
        ObjectKind::Role => {
            let options = role_options(sides.after.roles.get(&path.name.name)?);
            let sql = format!("ALTER ROLE {} WITH {options};", quoted(&path.name.name));
            Some(Group::new(Phase::AlterRole, vec![Step::of(path, "alter_role", sql)]))
        }
        ObjectKind::Sequence => {
            let (before, after) = (sides.before.sequences.get(&path.name)?, sides.after.sequences.get(&path.name)?);
            let mut steps = Vec::new();
            if aspects != [Aspect::Owner] {
                steps.push(Step::of(path, "alter_sequence", alter_sequence(before, after)));
            }
            if aspects.contains(&Aspect::Owner) && before.owned_by.is_some() {
                // It would go with its old owner.
                let sql = format!("ALTER SEQUENCE {} OWNED BY NONE;", full_name(&path.name));
                steps.push(Step::of(path, "alter_sequence", sql));
            }
            let may_fail =
                Hazard::MayFail(format!("Fails where the sequence {} has passed its new bounds.", path.name));
            let is_narrower = before.options.min_value != after.options.min_value
                || before.options.max_value != after.options.max_value;
            if let Some(first) = steps.first_mut().filter(|_| is_narrower) {
                first.hazards.push(may_fail);
            }
            Some(Group::new(Phase::AlterSequence, steps).gives([Token::Made(path.clone())]))
        }
        ObjectKind::Domain => {
            let (before, after) = (sides.before.domains.get(&path.name)?, sides.after.domains.get(&path.name)?);
            Some(Group::new(Phase::Domain, domain_steps(sides, path, before, after, aspects)))
        }
        _ => None,
    }
}

fn domain_steps(
    sides: &Sides<'_>,
    path: &ObjectPath,
    before: &Domain,
    after: &Domain,
    aspects: &[Aspect],
) -> Vec<Step> {
    let alter =
        |action: &str| Step::of(path, "alter_domain", format!("ALTER DOMAIN {} {action};", short_name(&path.name)));
    let scanned = |mut step: Step| {
        for table in sides.before.tables.values() {
            let is_of_it = |it: &schema::Column| sides.before_types.user_type(&it.sql_type) == Some(&path.name);
            if table.columns.values().any(is_of_it) {
                step = step.takes(LockMode::Share, &table.name).warns([Hazard::Scans(table.name.clone())]);
            }
        }
        step.warns([Hazard::MayFail(format!("Fails where a value of {} does not hold to it.", path.name))])
    };
    let mut steps = Vec::new();
    for aspect in aspects {
        match aspect {
            Aspect::Default => steps.push(match &after.default {
                Some(default) => alter(&format!("SET DEFAULT {}", scalar(default))),
                None => alter("DROP DEFAULT"),
            }),
            Aspect::NotNull if after.not_null => steps.push(scanned(alter("SET NOT NULL"))),
            Aspect::NotNull => steps.push(alter("DROP NOT NULL")),
            Aspect::Expression => {
                let of = |domain: &Domain| {
                    domain.checks.iter().map(|it| (it.name.clone(), it.clone())).collect::<Map<_, _>>()
                };
                let (old, new) = (of(before), of(after));
                let gone = old.iter().filter(|(name, check)| new.get(*name) != Some(check));
                steps.extend(gone.map(|(name, _)| alter(&format!("DROP CONSTRAINT {}", quoted(name)))));
                for (_, check) in new.iter().filter(|(name, check)| old.get(*name) != Some(check)) {
                    let added = format!("ADD {}", domain_check(check));
                    steps.push(match check.not_valid {
                        true => alter(&format!("{added} NOT VALID")),
                        false => scanned(alter(&added)),
                    });
                }
            }
            _ => {}
        }
    }
    steps
}
