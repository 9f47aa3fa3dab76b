//! A new migration in the formats in which it is a file, or a folder with files, and nothing else.

use source::{Diagnostic, FilePath};

use super::addition::{AddedFile, Addition, Content, Moment, date, date_digits};
use super::rebase::{Branch, Rebased, text_of};
use super::{Folder, Format, Migration};

/// Version numbers of at least this many digits are dates.
const DATE_DIGITS: usize = 12;
const UNIX_DIGITS: usize = 10;

pub(super) fn add(folder: &Folder, name: &str, content: Content<'_>, moment: &Moment) -> Addition {
    let version = next_version(folder, moment);
    let tag = match folder.format {
        Format::Flyway => format!("V{version}__{name}"),
        _ => format!("{version}_{name}"),
    };
    let up = content.statements.iter().map(|statement| format!("{}\n", statement.trim_end())).collect::<String>();
    let down = content.down.map(|down| down.iter().map(|it| format!("{}\n", it.trim_end())).collect::<String>());
    let path = |file: &str| FilePath::from(folder.path.join(file));
    let file = |file: &str, text: String| AddedFile { path: path(file), text, replaces: false };
    let files = match folder.format {
        Format::Diesel => {
            // Diesel reads both; an empty one takes nothing back.
            vec![file(&format!("{tag}/down.sql"), down.unwrap_or_default()), file(&format!("{tag}/up.sql"), up)]
        }
        Format::Prisma => {
            let down = down.map(|down| file(&format!("{tag}/down.sql"), down));
            down.into_iter().chain(std::iter::once(file(&format!("{tag}/migration.sql"), up))).collect()
        }
        Format::Plain => {
            let down = down.map(|down| file(&format!("{tag}.down.sql"), down));
            down.into_iter().chain(std::iter::once(file(&format!("{tag}.sql"), up))).collect()
        }
        Format::Dbmate => {
            let down = down.unwrap_or_default();
            vec![file(&format!("{tag}.sql"), format!("-- migrate:up\n{up}\n-- migrate:down\n{down}"))]
        }
        Format::Goose => {
            let section = |statements: &[String]| statements.iter().map(|it| goose_statement(it)).collect::<String>();
            let (up, down) = (section(content.statements), content.down.map(section).unwrap_or_default());
            vec![file(&format!("{tag}.sql"), format!("-- +goose Up\n{up}\n-- +goose Down\n{down}"))]
        }
        Format::GolangMigrate => pair(&tag, up, down.or_else(|| Some(String::new())), file),
        Format::Sqlx if folder.takes_ways_back() => pair(&tag, up, down.or_else(|| Some(String::new())), file),
        Format::Sqlx | Format::Supabase | Format::Flyway | Format::Drizzle | Format::Drizzle1 => {
            vec![file(&format!("{tag}.sql"), up)]
        }
    };
    Addition { tag, files, removed: Vec::new() }
}

/// Puts migrations of one branch behind those of another: a version that does not come behind the last gets the next one.
pub(super) fn rebase(
    onto: &Branch<'_>,
    local: &Branch<'_>,
    moved: &[Migration],
    moment: &Moment,
) -> Result<Rebased, Box<Diagnostic>> {
    let mut folder = onto.folder.clone();
    let mut rebased = Rebased::default();
    let key = |version: &str| {
        (digits(version).trim_start_matches('0').len(), digits(version).trim_start_matches('0').to_owned())
    };
    for migration in moved {
        let version = written_version(folder.format, &migration.tag).to_owned();
        let last = folder.migrations.iter().map(|it| key(written_version(folder.format, &it.tag))).max();
        let is_behind = digits(&version).is_empty() || last.is_none_or(|last| key(&version) > last);
        let tag = match is_behind {
            true => migration.tag.clone(),
            false => migration.tag.replacen(&version, &next_version(&folder, moment), 1),
        };
        for file in files_of(migration, local) {
            let inside = file.strip_prefix(&local.folder.path).unwrap_or(&file).to_string_lossy().replacen(
                &migration.tag,
                &tag,
                1,
            );
            rebased.put(FilePath::from(folder.path.join(inside)), text_of(&file, local.files)?);
        }
        folder.migrations.push(Migration::of_file(&tag, &tag, &migration.file));
        rebased.renamed.push((migration.tag.clone(), tag));
    }
    Ok(rebased)
}

/// The files of a migration, the one with which it counts last.
fn files_of(migration: &Migration, branch: &Branch<'_>) -> Vec<FilePath> {
    let mut all: Vec<FilePath> = migration.down.iter().cloned().collect();
    if let Some(own_folder) = migration.file.parent().filter(|parent| *parent != &*branch.folder.path) {
        let inside = branch.files.list(own_folder).unwrap_or_default().into_iter();
        all.extend(inside.filter(|entry| !entry.is_directory).map(|entry| entry.path));
    }
    all.retain(|file| *file != migration.file);
    all.sort();
    all.dedup();
    all.push(migration.file.clone());
    all
}

/// `.up.sql` and `.down.sql`; the way back first, since with the other the migration counts.
fn pair(tag: &str, up: String, down: Option<String>, file: impl Fn(&str, String) -> AddedFile) -> Vec<AddedFile> {
    let down = down.map(|down| file(&format!("{tag}.down.sql"), down));
    down.into_iter().chain(std::iter::once(file(&format!("{tag}.up.sql"), up))).collect()
}

/// goose divides at semicolons unless a statement is marked.
fn goose_statement(statement: &str) -> String {
    let statement = statement.trim_end();
    let inner = statement.strip_suffix(';').unwrap_or(statement);
    if inner.contains(';') {
        return format!("-- +goose StatementBegin\n{statement}\n-- +goose StatementEnd\n");
    }
    format!("{statement}\n")
}

/// The version behind the last one, in the manner of the folder: a date where those before are dates, else the next number.
fn next_version(folder: &Folder, moment: &Moment) -> String {
    let last = folder.migrations.last().map(|migration| written_version(folder.format, &migration.tag));
    let digits_of_last = last.map(digits).filter(|digits| !digits.is_empty());
    let wanted = match (folder.format, digits_of_last.as_ref().map(String::len)) {
        (Format::Diesel, _) => date(moment.unix_ms, "%Y-%m-%d-%H%M%S"),
        (Format::Plain, None) => String::from("0001"),
        (Format::Flyway, None) => String::from("1"),
        (_, None | Some(DATE_DIGITS..)) => date_digits(moment.unix_ms),
        (_, Some(UNIX_DIGITS)) => (moment.unix_ms / 1_000).to_string(),
        (_, Some(_)) => return incremented(last.unwrap_or_default()),
    };
    let order = |digits: &str| (digits.len(), digits.to_owned());
    match (last, digits_of_last) {
        (Some(last), Some(digits_of_last)) if order(&digits(&wanted)) <= order(&digits_of_last) => incremented(last),
        _ => wanted,
    }
}

/// The version as the name has it, leading zeros included.
fn written_version(format: Format, tag: &str) -> &str {
    let tag = if format == Format::Flyway { tag.trim_start_matches(['V', 'v']) } else { tag };
    tag.split('_').next().unwrap_or(tag)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The number one higher, with as many digits where it can be, and what stands between them kept.
fn incremented(version: &str) -> String {
    let digits = digits(version);
    let next = digits.parse::<u128>().unwrap_or_default() + 1;
    let next = format!("{next:0width$}", width = digits.len());
    if next.len() > digits.len() {
        return next;
    }
    let mut next = next.chars();
    version.chars().map(|it| if it.is_ascii_digit() { next.next().unwrap_or(it) } else { it }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats;
    use expect_test::{Expect, expect};
    use schema::Dialect;
    use source::MemoryFiles;

    const MOMENT: u64 = 1_795_360_797_130;

    /// The files that are added beside those of `fixture` (`//- path` lines), and that the folder then lists the migration last.
    fn check(format: Format, fixture: &str, expected: Expect) {
        let mut files = MemoryFiles::new(fixture);
        let path = FilePath::from(std::path::Path::new("/p/migrations"));
        let folder = formats::read(format, Dialect::Postgres, &path, &files);
        let statements = [String::from("CREATE TABLE a (id int);"), String::from("DO $$ BEGIN x; END $$;")];
        let down = [String::from("DROP TABLE a;")];
        let content = Content { statements: &statements, down: Some(&down), schema: None, renames: &[] };
        let moment = Moment { unix_ms: MOMENT, id: String::new() };
        let addition = add(&folder, "add_a", content, &moment);
        let mut shown = String::new();
        for file in &addition.files {
            let name = file.path.strip_prefix("/p").unwrap().display().to_string();
            shown.push_str(&format!("-- {name}\n{}", file.text));
            files.set(&*file.path, file.text.as_str());
        }
        let after = formats::read(format, Dialect::Postgres, &path, &files);
        let last = after.migrations.last().map(|migration| migration.file.clone());
        assert!(addition.files.iter().any(|file| Some(&file.path) == last.as_ref()), "{last:?} is last");
        assert_eq!(after.migrations.len(), folder.migrations.len() + 1);
        assert_eq!(after.diagnostics, folder.diagnostics);
        expected.assert_eq(&shown);
    }

    #[test]
    fn each_format_has_its_files() {
        check(
            Format::Plain,
            "//- /p/migrations/009_x.sql\n;",
            expect![[r#"
            -- migrations/010_add_a.down.sql
            DROP TABLE a;
            -- migrations/010_add_a.sql
            CREATE TABLE a (id int);
            DO $$ BEGIN x; END $$;
        "#]],
        );
        check(
            Format::Sqlx,
            "//- /p/migrations/20240101000000_x.sql\n;",
            expect![[r#"
            -- migrations/20261122151957_add_a.sql
            CREATE TABLE a (id int);
            DO $$ BEGIN x; END $$;
        "#]],
        );
        check(
            Format::Sqlx,
            "//- /p/migrations/1_x.up.sql\n;\n//- /p/migrations/1_x.down.sql\n;",
            expect![[r#"
            -- migrations/2_add_a.down.sql
            DROP TABLE a;
            -- migrations/2_add_a.up.sql
            CREATE TABLE a (id int);
            DO $$ BEGIN x; END $$;
        "#]],
        );
        check(
            Format::Diesel,
            "//- /p/migrations/2030-01-01-000000_x/up.sql\n;",
            expect![[r#"
                -- migrations/2030-01-01-000001_add_a/down.sql
                DROP TABLE a;
                -- migrations/2030-01-01-000001_add_a/up.sql
                CREATE TABLE a (id int);
                DO $$ BEGIN x; END $$;
            "#]],
        );
        check(
            Format::Dbmate,
            "//- /p/migrations/20240101000000_x.sql\n-- migrate:up\n-- migrate:down\n",
            expect![[r#"
            -- migrations/20261122151957_add_a.sql
            -- migrate:up
            CREATE TABLE a (id int);
            DO $$ BEGIN x; END $$;

            -- migrate:down
            DROP TABLE a;
        "#]],
        );
        check(
            Format::Goose,
            "//- /p/migrations/00001_x.sql\n-- +goose Up\n-- +goose Down\n",
            expect![[r#"
                -- migrations/00002_add_a.sql
                -- +goose Up
                CREATE TABLE a (id int);
                -- +goose StatementBegin
                DO $$ BEGIN x; END $$;
                -- +goose StatementEnd

                -- +goose Down
                DROP TABLE a;
            "#]],
        );
        check(
            Format::GolangMigrate,
            "//- /p/migrations/000001_x.up.sql\n;\n//- /p/migrations/000001_x.down.sql\n;",
            expect![[r#"
                -- migrations/000002_add_a.down.sql
                DROP TABLE a;
                -- migrations/000002_add_a.up.sql
                CREATE TABLE a (id int);
                DO $$ BEGIN x; END $$;
            "#]],
        );
        check(
            Format::Flyway,
            "//- /p/migrations/V3__x.sql\n;",
            expect![[r#"
            -- migrations/V4__add_a.sql
            CREATE TABLE a (id int);
            DO $$ BEGIN x; END $$;
        "#]],
        );
        check(
            Format::Prisma,
            "//- /p/migrations/20240101000000_x/migration.sql\n;",
            expect![[r#"
            -- migrations/20261122151957_add_a/down.sql
            DROP TABLE a;
            -- migrations/20261122151957_add_a/migration.sql
            CREATE TABLE a (id int);
            DO $$ BEGIN x; END $$;
        "#]],
        );
        check(
            Format::Supabase,
            "",
            expect![[r#"
            -- migrations/20261122151957_add_a.sql
            CREATE TABLE a (id int);
            DO $$ BEGIN x; END $$;
        "#]],
        );
    }
}
