//! A random schema as SQL.

use super::names::{Family, TYPES};
use super::routines::CALLS;
use super::table::{Column, Condition, Default, Index, Part, PartKind, Policy, Table, Type};
use super::{Id, PUBLIC, Schema};

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(super) fn literal(text: &str) -> String {
    match text.contains('\\') {
        true => format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''")),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

impl Schema {
    pub(super) fn qualified(&self, namespace: Id, name: &str) -> String {
        match self.namespaces.iter().find(|it| it.id == namespace) {
            Some(it) => format!("{}.{}", quoted(&it.name), quoted(name)),
            None if namespace == PUBLIC && name.len().is_multiple_of(3) => format!("public.{}", quoted(name)),
            None => quoted(name),
        }
    }

    fn table_name(&self, table: &Table) -> String {
        self.qualified(table.namespace, &table.name)
    }

    pub(super) fn name_of(&self, id: Id) -> String {
        let table = self.tables.iter().find(|it| it.id == id).map(|it| (it.namespace, &it.name));
        let view = || self.views.iter().find(|it| it.id == id).map(|it| (it.namespace, &it.name));
        let sequence = || self.sequences.iter().find(|it| it.id == id).map(|it| (it.namespace, &it.name));
        let of_enum = || self.enums.iter().find(|it| it.id == id).map(|it| (it.namespace, &it.name));
        let domain = || self.domains.iter().find(|it| it.id == id).map(|it| (it.namespace, &it.name));
        let found = table.or_else(view).or_else(sequence).or_else(of_enum).or_else(domain);
        found.map(|(namespace, name)| self.qualified(namespace, name)).unwrap_or_default()
    }

    pub(super) fn column_name(&self, relation: Id, column: Id) -> String {
        if let Some(table) = self.tables.iter().find(|it| it.id == relation) {
            return table.column(column).map(|it| it.name.clone()).unwrap_or_default();
        }
        let view = self.views.iter().find(|it| it.id == relation);
        let Some((view, column)) = view.and_then(|it| Some((it, it.columns.iter().find(|it| it.id == column)?))) else {
            return String::new();
        };
        column.alias.clone().unwrap_or_else(|| self.column_name(view.source, column.source))
    }

    fn type_name(&self, sql_type: Type) -> String {
        match sql_type {
            Type::Plain(at) => TYPES[at].name.to_owned(),
            Type::Enum(id) | Type::Domain(id) => self.name_of(id),
            Type::EnumArray(id) => format!("{}[]", self.name_of(id)),
        }
    }

    fn default(&self, table: &Table, column: &Column) -> Option<String> {
        let at = match column.default.as_ref()? {
            Default::Sequence(id) => return Some(format!("nextval({}::regclass)", literal(&self.name_of(*id)))),
            Default::Text(at) if *at >= CALLS => return self.default_call(table, *at, column.sql_type),
            Default::Text(at) => *at,
        };
        match column.sql_type {
            Type::Plain(plain) => {
                let defaults = TYPES[plain].defaults;
                (!defaults.is_empty()).then(|| defaults[at % defaults.len()].to_owned())
            }
            Type::Enum(id) => {
                let values = &self.enums.iter().find(|it| it.id == id)?.values;
                let value = literal(values[at % values.len()]);
                Some(if at % 2 == 0 { value } else { format!("{value}::{}", self.name_of(id)) })
            }
            Type::EnumArray(id) => Some(match at % 2 {
                0 => String::from("'{}'"),
                _ => {
                    let value = literal(self.enums.iter().find(|it| it.id == id)?.values[0]);
                    format!("ARRAY[{value}]::{}[]", self.name_of(id))
                }
            }),
            Type::Domain(_) => (at % 2 == 0).then(|| String::from("'5'")),
        }
    }

    /// An expression that can stand in a generated column, made of another one.
    fn generated(&self, table: &Table, source: Id, shape: usize) -> String {
        let Some(column) = table.column(source) else { return String::new() };
        let name = quoted(&column.name);
        if let Some(call) = self.pure_call(shape, column.sql_type, &name) {
            return call;
        }
        match (column.sql_type.family(), shape) {
            (Family::Integer, 0) => format!("{name} * 2"),
            (Family::Integer, 1) => format!("abs({name})"),
            (Family::Text, 0) => format!("upper({name})"),
            (Family::Text, 1) => format!("{name} || 'it''s'"),
            (Family::Bool, 0) => format!("NOT {name}"),
            _ => format!("({name})"),
        }
    }

    /// True or false of a column's value, whatever its type.
    fn condition(&self, table: &Table, column: Id, shape: usize, prefix: &str) -> String {
        let Some(column) = table.column(column) else { return String::from("true") };
        let name = format!("{prefix}{}", quoted(&column.name));
        if let Some(call) = self.call(shape, column.sql_type, &name) {
            return format!("{call} IS NOT NULL");
        }
        match (column.sql_type, column.sql_type.family(), shape) {
            (_, _, 0) => format!("{name} IS NOT NULL"),
            (_, Family::Integer | Family::Serial | Family::Number, 1) => format!("{name} > -100"),
            (_, Family::Integer | Family::Serial, 2) => format!("{name} NOT IN (77, 78)"),
            (_, Family::Integer | Family::Serial | Family::Number, 3) => format!("{name} BETWEEN -200 AND 30000"),
            (_, Family::Text, 1) => format!("length({name}) < 1000"),
            (_, Family::Text, 2) => format!("{name} <> 'it''s not'"),
            (_, Family::Text, 3) => format!("{name} NOT LIKE '%never%'"),
            (Type::Enum(id), _, 1..3) => match self.enums.iter().find(|it| it.id == id) {
                Some(it) if it.values.len() > 1 => {
                    format!("{name} <> {}", literal(it.values[it.values.len() - 1]))
                }
                _ => format!("{name} IS NOT NULL"),
            },
            (_, Family::Time, 1) => format!("{name} > '1990-01-01'"),
            (_, Family::Bool, 1) => format!("({name} OR true)"),
            _ => format!("({name} IS NULL) OR ({name} IS NOT NULL)"),
        }
    }

    fn policy_condition(&self, table: &Table, condition: &Condition) -> String {
        let other = condition.table.and_then(|id| self.tables.iter().find(|it| it.id == id));
        match other {
            None => self.condition(table, condition.column, condition.shape, ""),
            Some(other) => format!(
                "EXISTS (SELECT 1 FROM {} AS o WHERE {})",
                self.table_name(other),
                self.condition(other, condition.column, condition.shape, "o.")
            ),
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut put = |statement: String| {
            text.push_str(&statement);
            text.push_str(";\n");
        };
        for it in &self.namespaces {
            put(format!("CREATE SCHEMA {}", quoted(&it.name)));
        }
        for it in &self.roles {
            put(format!("CREATE ROLE {}{}", quoted(&it.name), it.options));
        }
        for it in &self.enums {
            let values: Vec<String> = it.values.iter().map(|value| literal(value)).collect();
            put(format!("CREATE TYPE {} AS ENUM ({})", self.name_of(it.id), values.join(", ")));
        }
        for it in &self.domains {
            put(self.domain(it));
        }
        for it in &self.sequences {
            put(format!("CREATE SEQUENCE {}{}", self.name_of(it.id), it.options));
        }
        self.routines_after(None).for_each(|it| put(self.routine(it)));
        for it in &self.tables {
            self.table(it, &mut put);
            self.routines_after(Some(it.id)).for_each(|it| put(self.routine(it)));
        }
        for it in &self.tables {
            let foreign = it.parts.iter().filter(|part| matches!(part.kind, PartKind::Foreign(_)));
            foreign.for_each(|part| put(self.part_statement(it, part)));
            it.policies.iter().for_each(|policy| put(self.policy(it, policy)));
            it.triggers.iter().for_each(|trigger| self.trigger(it, trigger, &mut put));
        }
        for it in &self.sequences {
            let owner = it.owner.and_then(|(table, column)| {
                let table = self.tables.iter().find(|it| it.id == table)?;
                Some(format!("{}.{}", self.table_name(table), quoted(&table.column(column)?.name)))
            });
            if let Some(owner) = owner {
                put(format!("ALTER SEQUENCE {} OWNED BY {owner}", self.name_of(it.id)));
            }
        }
        for it in &self.views {
            put(self.view(it));
            if let Some((name, function)) = &it.trigger {
                let (name, on, function) = (quoted(name), self.name_of(it.id), self.function_name(*function));
                put(format!(
                    "CREATE TRIGGER {name} INSTEAD OF INSERT ON {on} FOR EACH ROW EXECUTE FUNCTION {function}()"
                ));
            }
        }
        for it in &self.grants {
            let class = match () {
                () if self.namespaces.iter().any(|of| of.id == it.on) => "SCHEMA ",
                () if self.sequences.iter().any(|of| of.id == it.on) => "SEQUENCE ",
                () if self.enums.iter().any(|of| of.id == it.on) => "TYPE ",
                () => "",
            };
            let namespace = self.namespaces.iter().find(|of| of.id == it.on).map(|it| quoted(&it.name));
            let on = namespace.unwrap_or_else(|| self.name_of(it.on));
            let to = self.roles.iter().find(|role| role.id == it.to).map(|role| quoted(&role.name)).unwrap_or_default();
            let option = if it.may_pass_on { " WITH GRANT OPTION" } else { "" };
            put(format!("GRANT {} ON {class}{on} TO {to}{option}", it.privileges.join(", ")));
        }
        self.comments(&mut put);
        text
    }

    fn domain(&self, domain: &super::Domain) -> String {
        let base = &TYPES[domain.base];
        let mut text = format!("CREATE DOMAIN {} AS {}", self.name_of(domain.id), base.name);
        if let Some(at) = domain.default {
            text.push_str(&format!(" DEFAULT {}", base.defaults[at % base.defaults.len()]));
        }
        if domain.not_null {
            text.push_str(" NOT NULL");
        }
        if let Some((name, number)) = &domain.check {
            if let Some(name) = name {
                text.push_str(&format!(" CONSTRAINT {}", quoted(name)));
            }
            let check = match base.family {
                Family::Text => format!("length(VALUE) <> {}", 1000 + number),
                _ => format!("VALUE <> {}", 100 + number),
            };
            text.push_str(&format!(" CHECK ({check})"));
        }
        text
    }

    fn table(&self, table: &Table, put: &mut impl FnMut(String)) {
        let mut elements: Vec<String> = table.columns.iter().map(|it| self.column(table, it)).collect();
        if let Some(key) = &table.key {
            let name = key.name.iter().map(|name| format!("CONSTRAINT {} ", quoted(name))).collect::<String>();
            let include = include(table, &key.include);
            elements.push(format!("{name}PRIMARY KEY ({}){include}{}", names(table, &key.columns), key.deferral));
        }
        let is_inside = |part: &&Part| match &part.kind {
            PartKind::Unique { .. } | PartKind::Exclusion { .. } => true,
            PartKind::Check { ending, .. } => *ending != " NOT VALID",
            _ => false,
        };
        elements.extend(table.parts.iter().filter(is_inside).map(|part| self.constraint(table, part)));
        let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
        let options: Vec<String> = table.options.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let options = if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) };
        let name = self.table_name(table);
        put(format!("CREATE {unlogged}TABLE {name} (\n  {}\n){options}", elements.join(",\n  ")));
        for part in table.parts.iter().filter(|it| !is_inside(it) && !matches!(it.kind, PartKind::Foreign(_))) {
            put(self.part_statement(table, part));
        }
        if table.row_security {
            put(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
        }
        if table.forced {
            put(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"));
        }
    }

    fn column(&self, table: &Table, column: &Column) -> String {
        let mut text = format!("{} {}", quoted(&column.name), self.type_name(column.sql_type));
        if let Some(collation) = column.collation {
            text.push_str(&format!(" COLLATE {collation}"));
        }
        if let Some(default) = self.default(table, column) {
            text.push_str(&format!(" DEFAULT {default}"));
        }
        if let Some((source, shape)) = column.generated {
            text.push_str(&format!(" GENERATED ALWAYS AS ({}) STORED", self.generated(table, source, shape)));
        }
        if let Some((always, options)) = column.identity {
            let when = if always { "ALWAYS" } else { "BY DEFAULT" };
            text.push_str(&format!(" GENERATED {when} AS IDENTITY{options}"));
        }
        if column.not_null {
            text.push_str(" NOT NULL");
        }
        text
    }

    fn constraint(&self, table: &Table, part: &Part) -> String {
        let name = part.name.iter().map(|name| format!("CONSTRAINT {} ", quoted(name))).collect::<String>();
        let definition = match &part.kind {
            PartKind::Unique { columns, nulls_not_distinct, include: more, deferral } => {
                let nulls = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
                format!("UNIQUE{nulls} ({}){}{deferral}", names(table, columns), include(table, more))
            }
            PartKind::Check { column, shape, ending } => {
                format!("CHECK ({}){ending}", self.condition(table, *column, *shape, ""))
            }
            PartKind::Exclusion { column, shape, deferral } => {
                let Some(column) = table.column(*column) else { return String::new() };
                let is_range = column.sql_type.family() == Family::Range && *shape < 3;
                let name = quoted(&column.name);
                let with = if is_range { format!("gist ({name} WITH &&)") } else { format!("btree ({name} WITH =)") };
                let predicate = if *shape == 1 { format!(" WHERE ({name} IS NOT NULL)") } else { String::new() };
                format!("EXCLUDE USING {with}{predicate}{deferral}")
            }
            PartKind::Foreign(foreign) => {
                let target = self.tables.iter().find(|it| it.id == foreign.to).unwrap_or(table);
                let not_valid = if foreign.not_valid { " NOT VALID" } else { "" };
                format!(
                    "FOREIGN KEY ({}) REFERENCES {} ({}){}{}{not_valid}",
                    names(table, &foreign.columns),
                    self.table_name(target),
                    names(target, &foreign.to_columns),
                    foreign.actions,
                    foreign.deferral
                )
            }
            PartKind::Index(_) => String::new(),
        };
        format!("{name}{definition}")
    }

    fn part_statement(&self, table: &Table, part: &Part) -> String {
        match &part.kind {
            PartKind::Index(index) => self.index(table, part.name.as_deref(), index),
            _ => format!("ALTER TABLE {} ADD {}", self.table_name(table), self.constraint(table, part)),
        }
    }

    fn index(&self, table: &Table, name: Option<&str>, index: &Index) -> String {
        let keys: Vec<String> = index
            .keys
            .iter()
            .filter_map(|(id, shape)| {
                let column = table.column(*id)?;
                let name = quoted(&column.name);
                let family = column.sql_type.family();
                if let Some(call) = self.pure_call(*shape, column.sql_type, &name).filter(|_| index.method == "btree") {
                    return Some(call);
                }
                Some(match (index.method, family, shape) {
                    ("btree", _, 1) => format!("{name} DESC"),
                    ("btree", _, 2) => format!("{name} NULLS FIRST"),
                    ("btree", _, 3) => format!("{name} DESC NULLS LAST"),
                    ("btree", Family::Text, 4) if column.sql_type == Type::Plain(7) => {
                        format!("{name} text_pattern_ops")
                    }
                    ("btree", Family::Text, 5) => format!("lower({name})"),
                    ("btree", Family::Text, 6) => format!("{name} COLLATE \"C\" DESC"),
                    ("btree", Family::Integer, 5) => format!("({name} + 1) DESC"),
                    ("btree" | "hash", Family::Integer, 7) => format!("abs({name})"),
                    ("gin", Family::Jsonb, 4..8) => format!("{name} jsonb_path_ops"),
                    _ => name,
                })
            })
            .collect();
        let name = name.map(|name| format!("{} ", quoted(name))).unwrap_or_default();
        let unique = if index.unique { "UNIQUE " } else { "" };
        let nulls = if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
        let fill = index.fillfactor.map(|it| format!(" WITH (fillfactor = {it})")).unwrap_or_default();
        let predicate = index.predicate.map(|it| format!(" WHERE {}", self.condition(table, it, 0, "")));
        format!(
            "CREATE {unique}INDEX {name}ON {} USING {} ({}){}{nulls}{fill}{}",
            self.table_name(table),
            index.method,
            keys.join(", "),
            include(table, &index.include),
            predicate.unwrap_or_default()
        )
    }

    fn policy(&self, table: &Table, policy: &Policy) -> String {
        let roles = self.roles.iter().filter(|it| policy.to.contains(&it.id)).map(|it| quoted(&it.name));
        let roles: Vec<String> = roles.collect();
        let to = if roles.is_empty() { String::from("PUBLIC") } else { roles.join(", ") };
        let kind = if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
        let (name, on) = (quoted(&policy.name), self.table_name(table));
        let mut text = format!("CREATE POLICY {name} ON {on} AS {kind} FOR {} TO {to}", policy.command);
        if let Some(using) = &policy.using {
            text.push_str(&format!(" USING ({})", self.policy_condition(table, using)));
        }
        if let Some(check) = &policy.with_check {
            text.push_str(&format!(" WITH CHECK ({})", self.policy_condition(table, check)));
        }
        text
    }

    fn view(&self, view: &super::View) -> String {
        let class = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        let options: Vec<String> = view.options.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let options = if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) };
        let columns: Vec<String> = view
            .columns
            .iter()
            .map(|it| {
                let alias = it.alias.as_ref().map(|alias| format!(" AS {}", quoted(alias))).unwrap_or_default();
                format!("s.{}{alias}", quoted(&self.column_name(view.source, it.source)))
            })
            .collect();
        let join = view.join.map(|it| format!(" CROSS JOIN {} AS j", self.name_of(it))).unwrap_or_default();
        let condition =
            view.condition.map(|it| format!(" WHERE s.{} IS NOT NULL", quoted(&self.column_name(view.source, it))));
        format!(
            "CREATE {class} {}{options} AS SELECT {} FROM {} AS s{join}{}{}",
            self.name_of(view.id),
            columns.join(", "),
            self.name_of(view.source),
            condition.unwrap_or_default(),
            if view.materialized && view.with_no_data { " WITH NO DATA" } else { "" }
        )
    }

    fn comments(&self, put: &mut impl FnMut(String)) {
        let mut comment = |class: &str, name: String, text: Option<&'static str>| {
            if let Some(text) = text {
                put(format!("COMMENT ON {class} {name} IS {}", literal(text)));
            }
        };
        self.namespaces.iter().for_each(|it| comment("SCHEMA", quoted(&it.name), it.comment));
        self.enums.iter().for_each(|it| comment("TYPE", self.name_of(it.id), it.comment));
        self.domains.iter().for_each(|it| comment("DOMAIN", self.name_of(it.id), it.comment));
        self.sequences.iter().for_each(|it| comment("SEQUENCE", self.name_of(it.id), it.comment));
        for table in &self.tables {
            let name = self.table_name(table);
            comment("TABLE", name.clone(), table.comment);
            for column in &table.columns {
                comment("COLUMN", format!("{name}.{}", quoted(&column.name)), column.comment);
            }
            for part in &table.parts {
                let Some(part_name) = &part.name else { continue };
                match part.kind {
                    PartKind::Index(_) => comment("INDEX", self.qualified(table.namespace, part_name), part.comment),
                    _ => comment("CONSTRAINT", format!("{} ON {name}", quoted(part_name)), part.comment),
                }
            }
        }
        for view in &self.views {
            let class = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
            comment(class, self.name_of(view.id), view.comment);
        }
    }
}

fn names(table: &Table, columns: &[Id]) -> String {
    let names = columns.iter().filter_map(|id| table.column(*id)).map(|it| quoted(&it.name));
    names.collect::<Vec<_>>().join(", ")
}

fn include(table: &Table, columns: &[Id]) -> String {
    if columns.is_empty() { String::new() } else { format!(" INCLUDE ({})", names(table, columns)) }
}
