//! Projects that drizzle-kit 1.0 wrote: what it has just generated is not pending.

use expect_test::{Expect, expect};
use source::{FilePath, MemoryFiles};
use std::path::Path;
use std::sync::Arc;

use crate::Host;

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../../history/tests_data/drizzle_1/", $name))
    };
}

/// Shows what is pending in a project with these snapshots and this schema, and every other finding.
fn check(dialect: &str, snapshots: &[&str], schema: &str, expected: Expect) {
    let config: FilePath = Arc::from(Path::new("/p/drizzle.config.ts"));
    let mut files = MemoryFiles::new("");
    files.set(
        &*config,
        format!("export default {{ dialect: '{dialect}', schema: './schema.ts', out: './drizzle' }};\n"),
    );
    files.set("/p/schema.ts", schema);
    for (number, text) in snapshots.iter().enumerate() {
        files.set(format!("/p/drizzle/2025010112000{number}_x/migration.sql"), "select 1;");
        files.set(format!("/p/drizzle/2025010112000{number}_x/snapshot.json"), *text);
    }
    let analysis = Host::new().analyze(&[config], &files);
    let project = &analysis.projects[0];
    let pending =
        project.pending.iter().map(|pending| format!("{} {}\n", pending.change.kind(), pending.change.object));
    let others = project.diagnostics.iter().map(|finding| format!("{}: {}\n", finding.code, finding.message));
    expected.assert_eq(&pending.chain(others).collect::<String>());
}

const POSTGRES: [&str; 4] = [
    data!("postgres_9_base.json"),
    data!("postgres_9_custom.json"),
    data!("postgres_9_diff.json"),
    data!("postgres_9_renames.json"),
];

#[test]
fn an_untouched_postgresql_project_is_in_sync() {
    check(
        "postgresql",
        &POSTGRES[..1],
        data!("postgres_base.ts"),
        expect![[r#"
        history/snapshot-stale: the SQL up to 20250101120000_x does not make schema `app`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make enum `app.level`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make enum `mood`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make sequence `counter`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make role `admin`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make table `app.members`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make table `named`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make table `users`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make view `adults`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make view `raw`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make view `stats`, but the snapshot has it
    "#]],
    );
}

#[test]
fn constraints_that_kept_their_names_are_not_pending() {
    check(
        "postgresql",
        &POSTGRES,
        data!("postgres_renames.ts"),
        expect![[r#"
        history/snapshot-stale: the SQL up to 20250101120000_x does not make schema `app`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120003_x does not make enum `app.rank`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make enum `mood`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120003_x does not make sequence `app.counter`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make role `admin`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make table `app.members`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make table `named`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120003_x does not make table `people`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make view `adults`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120003_x does not make view `raw2`, but the snapshot has it
        history/snapshot-stale: the SQL up to 20250101120000_x does not make view `stats`, but the snapshot has it
    "#]],
    );
}

#[test]
fn an_untouched_sqlite_project_is_in_sync() {
    check(
        "sqlite",
        &[data!("sqlite_7.json")],
        data!("sqlite.ts"),
        expect![[r#"
            schema/interpolated-value: a value in this SQL becomes a placeholder ($1 or ?), which is an error in DDL
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `members`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `one`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `slug`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `users`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make view `adults`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make view `raw`, but the snapshot has it
        "#]],
    );
}

#[test]
fn what_changed_is_pending() {
    let schema = data!("postgres_base.ts")
        .replace("'sad', 'ok', 'happy'", "'sad', 'ok'")
        .replace("email: varchar({ length: 255 }).notNull().unique()", "email: varchar({ length: 255 }).notNull()")
        .replace("default(['a', 'b\"c', \"d'e\"])", "default(['a'])")
        .replace("startWith: 10", "startWith: 11")
        .replace("name: 'named_key'", "name: 'other_key'")
        .replace("${t.age} > 0", "${t.age} > 1");
    check(
        "postgresql",
        &POSTGRES[..1],
        &schema,
        expect![[r#"
            drop_enum_value public.mood.happy
            alter_sequence public.counter
            alter_primary_key public.named.other_key
            alter_column public.users.tags
            drop_unique_constraint public.users.users_email_key
            alter_check_constraint public.users.age_positive
            history/snapshot-stale: the SQL up to 20250101120000_x does not make schema `app`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make enum `app.level`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make enum `mood`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make sequence `counter`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make role `admin`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `app.members`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `named`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `users`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make view `adults`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make view `raw`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make view `stats`, but the snapshot has it
        "#]],
    );
    let schema =
        data!("sqlite.ts").replace("unique('two')", "unique('three')").replace("text().primaryKey()", "text()");
    check(
        "sqlite",
        &[data!("sqlite_7.json")],
        &schema,
        expect![[r#"
            drop_primary_key slug.k
            add_unique_constraint users.three
            drop_unique_constraint users.two
            schema/interpolated-value: a value in this SQL becomes a placeholder ($1 or ?), which is an error in DDL
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `members`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `one`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `slug`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make table `users`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make view `adults`, but the snapshot has it
            history/snapshot-stale: the SQL up to 20250101120000_x does not make view `raw`, but the snapshot has it
        "#]],
    );
}
