//! What a migration of the pending changes would be, as a text to read.

use history::formats::Moment;
use plan::{Hazard, Step};
use source::{Diagnostic, Files};
use std::fmt::Write as _;

use super::generate::{GenerateRequest, Generated, NewMigration, generate, rename_questions};
use super::rename_answers::{RenameAnswers, as_flag};
use crate::project::Project;
use crate::words;

/// One cause often has many findings: of those in the way so many are named.
const MAX_REASONS: usize = 5;

/// SQL as the migration would have it below comments that say what it is and what it may lose. Where it is not decided what is
/// renamed, both answers; where no migration can be made, why not. Always a text that a database could take.
pub fn preview(project: &Project, answers: &RenameAnswers, moment: &Moment, files: &dyn Files) -> String {
    let mut text = String::new();
    comment(&mut text, &format!("{}: the pending changes as SQL. Nothing of this is written.", project.label()));
    let open = rename_questions(project, answers, files);
    if open.is_empty() || answers.nothing_else {
        text.push_str(&one(project, answers, moment, files));
        return text;
    }
    let flags = open.iter().map(as_flag);
    let renames = flags.filter_map(|flag| flag.split_once('=').map(|(from, to)| (from.to_owned(), to.to_owned())));
    let renames = answers.renames.iter().cloned().chain(renames).collect();
    let renamed = RenameAnswers { renames, ..answers.clone() };
    let dropped = RenameAnswers { nothing_else: true, ..answers.clone() };
    comment(&mut text, "It is not decided what is renamed, so both answers are shown: only one of them is to be run.");
    let to: Vec<String> =
        open.iter().map(|it| format!("{} to `{}`", words::object(&it.from), it.to.last_name())).collect();
    let gone: Vec<String> = open.iter().map(|it| words::object(&it.from)).collect();
    for (heading, answers) in
        [(format!("rename {}", to.join(", ")), &renamed), (format!("drop {}", gone.join(", ")), &dropped)]
    {
        text.push('\n');
        comment(&mut text, &format!("======== {heading} ========"));
        text.push_str(&one(project, answers, moment, files));
    }
    text
}

fn one(project: &Project, answers: &RenameAnswers, moment: &Moment, files: &dyn Files) -> String {
    let mut text = String::new();
    let request = GenerateRequest { name: None, is_custom: false, with_down: false, answers, moment };
    match generate(project, &request, files) {
        Generated::Migration(migration) => return migration_text(&migration),
        Generated::Nothing => comment(&mut text, "Nothing is pending: the migrations have every change."),
        Generated::Impossible(sentence) => comment(&mut text, &format!("Not planned: {sentence}")),
        Generated::Questions(_) => comment(&mut text, "Not planned: it is not decided what is renamed."),
        Generated::Refused(findings) => {
            comment(&mut text, "Not planned, because not everything is known:");
            for finding in findings.iter().take(MAX_REASONS) {
                reason(&mut text, finding);
            }
            if findings.len() > MAX_REASONS {
                comment(&mut text, &format!("and {} more findings", findings.len() - MAX_REASONS));
            }
        }
    }
    text
}

fn reason(text: &mut String, finding: &Diagnostic) {
    let file = finding.location.file.file_name().unwrap_or_default().to_string_lossy();
    comment(text, &format!("{file}: {}", finding.message));
    if let Some(help) = &finding.help {
        comment(text, &format!("  {help}"));
    }
}

fn migration_text(migration: &NewMigration) -> String {
    let mut text = String::new();
    comment(&mut text, &format!("migration: {}", migration.addition.tag));
    for step in &migration.plan.steps {
        for hazard in &step.hazards {
            comment(&mut text, &hazard_line(step, hazard));
        }
    }
    text.push('\n');
    // Where a format has a file for the way back, it stands before the one with which the migration counts.
    let is_sql = |path: &std::path::Path| path.extension().is_some_and(|extension| extension == "sql");
    let body = migration.addition.files.iter().rfind(|file| is_sql(&file.path));
    text.push_str(body.map_or("", |file| file.text.as_str()));
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn hazard_line(step: &Step, hazard: &Hazard) -> String {
    let object = words::object(&step.object);
    match hazard {
        Hazard::Rewrites(table) => format!("rewrites: all rows of {table} ({object})"),
        Hazard::Scans(table) => format!("reads: all rows of {table} ({object})"),
        Hazard::BuildsIndex(table) => format!("builds an index: of {table} ({object})"),
        Hazard::LosesData(what) => format!("loses data: {what}"),
        Hazard::MayFail(why) => format!("may fail: {why}"),
        Hazard::NotInTransaction(why) => format!("not in a transaction: {why}"),
    }
}

/// Every line a comment: a name may hold a line break.
fn comment(text: &mut String, words: &str) {
    for line in words.split(['\n', '\r']).filter(|line| !line.is_empty()) {
        let _ = writeln!(text, "-- {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Host;
    use crate::KeptAnswer;
    use expect_test::{Expect, expect};
    use source::{FilePath, MemoryFiles};
    use std::sync::Arc;

    /// The preview of a project of SQL files whose one migration has made `before`.
    fn check(before: &str, after: &str, answers: &RenameAnswers, expected: Expect) {
        let fixture = format!(
            "
//- /p/driftlens.toml
schema = 'schema.sql'
migrations = 'steps'
dialect = 'postgresql'
//- /p/schema.sql
{after}
//- /p/steps/0001_start.sql
{before}
"
        );
        let files = MemoryFiles::new(&fixture);
        let config: FilePath = Arc::from(std::path::Path::new("/p/driftlens.toml"));
        let analysis = Host::new().analyze(&[config], &files);
        let moment = Moment { unix_ms: 0, id: String::from("id") };
        expected.assert_eq(&preview(&analysis.projects[0], answers, &moment, &files));
    }

    const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY, name text);";

    #[test]
    fn what_steps_do_beside_their_change_stands_above_them() {
        let after = "CREATE TABLE users (id integer PRIMARY KEY);";
        check(
            USERS,
            after,
            &RenameAnswers::default(),
            expect![[r#"
            -- p/driftlens.toml: the pending changes as SQL. Nothing of this is written.
            -- migration: 0002_users_drop_name_and_users_alter_id
            -- rewrites: all rows of public.users (column `users.id`)
            -- builds an index: of public.users (column `users.id`)
            -- may fail: Fails where id of a row of public.users cannot be read as integer.
            -- loses data: The values of the column public.users.name are gone.

            ALTER TABLE "users" ALTER COLUMN "id" SET DATA TYPE integer;
            ALTER TABLE "users" DROP COLUMN "name";
        "#]],
        );
    }

    #[test]
    fn both_answers_are_shown_until_one_is_known() {
        let after = "CREATE TABLE users (id bigint PRIMARY KEY, full_name text);";
        check(
            USERS,
            after,
            &RenameAnswers::default(),
            expect![[r#"
            -- p/driftlens.toml: the pending changes as SQL. Nothing of this is written.
            -- It is not decided what is renamed, so both answers are shown: only one of them is to be run.

            -- ======== rename column `users.name` to `full_name` ========
            -- migration: 0002_users_rename_name_to_full_name

            ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";

            -- ======== drop column `users.name` ========
            -- migration: 0002_users_add_full_name_and_users_drop_name
            -- loses data: The values of the column public.users.name are gone.

            ALTER TABLE "users" ADD COLUMN "full_name" text;
            ALTER TABLE "users" DROP COLUMN "name";
        "#]],
        );
        let kept = [("public.users.name", "public.users.full_name"), ("public.users.gone", "public.users.other")]
            .map(|(from, to)| KeptAnswer { from: from.to_owned(), to: Some(to.to_owned()) })
            .to_vec();
        let known = RenameAnswers { kept, ..RenameAnswers::default() };
        check(
            USERS,
            after,
            &known,
            expect![[r#"
            -- p/driftlens.toml: the pending changes as SQL. Nothing of this is written.
            -- migration: 0002_users_rename_name_to_full_name

            ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";
        "#]],
        );
    }

    #[test]
    fn without_a_change_it_says_so() {
        check(
            USERS,
            USERS,
            &RenameAnswers::default(),
            expect![[r#"
            -- p/driftlens.toml: the pending changes as SQL. Nothing of this is written.
            -- Nothing is pending: the migrations have every change.
        "#]],
        );
    }
}
