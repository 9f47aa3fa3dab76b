//! `driftlens rebase` in real git repositories, with the real drizzle-kit as the judge of what comes out.

use std::process::Command;

use crate::project::Project;

const SQLITE: &str = "import { sqliteTable, integer, text } from 'drizzle-orm/sqlite-core';\n";

fn table(name: &str, columns: &str) -> String {
    format!("export const {name} = sqliteTable('{name}', {{ id: integer('id').primaryKey(), {columns} }});\n")
}

/// A git command in the project; the exit code and all it said.
fn git(project: &Project, arguments: &[&str]) -> (i32, String) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.editor=true"];
    let folder = project.path("");
    let output = Command::new("git").current_dir(folder).args(identity).args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8_lossy(&text).into_owned())
}

fn commit(project: &Project, message: &str) {
    assert_eq!(git(project, &["add", "-A", "."]).0, 0);
    let (code, text) = git(project, &["commit", "-qm", message]);
    assert_eq!(code, 0, "{text}");
}

/// `main` adds `posts`, the branch `work` adds `tags` and then a column to it: each schema file is a file of its own, so that only the
/// migrations folder conflicts.
fn two_branches(theirs: &str, ours: &[&str]) -> Project {
    let project = Project::new("sqlite", &format!("{SQLITE}{}", table("users", "name: text('name')")));
    project.write(
        "drizzle.config.ts",
        "export default { dialect: 'sqlite', schema: './*schema.ts', out: './drizzle' };\n",
    );
    project.write(".gitignore", "node_modules\n");
    assert_eq!(git(&project, &["init", "-q", "-b", "main"]).0, 0);
    assert_eq!(project.run(&["generate", "--name", "first"]).0, 0);
    commit(&project, "first");
    assert_eq!(git(&project, &["checkout", "-qb", "work"]).0, 0);
    for (position, text) in ours.iter().enumerate() {
        project.write("work_schema.ts", text);
        let (code, text) =
            project.run(&["generate", "--with-down", "--no-renames", "--name", &format!("ours_{position}")]);
        assert_eq!(code, 0, "{text}");
    }
    commit(&project, "ours");
    assert_eq!(git(&project, &["checkout", "-q", "main"]).0, 0);
    project.write("main_schema.ts", theirs);
    assert_eq!(project.run(&["generate", "--name", "theirs"]).0, 0);
    commit(&project, "theirs");
    project
}

fn is_whole(project: &Project) {
    let text = project.drizzle_kit("generate");
    assert!(text.contains("No schema changes"), "{text}");
    assert!(project.drizzle_kit("check").contains("Everything's fine"));
    let (code, text) = project.run(&["check"]);
    assert!(code == 0 && !text.contains("warning"), "{text}");
}

fn ours() -> [String; 2] {
    let tags = |columns: &str| format!("{SQLITE}{}", table("tags", columns));
    [tags("label: text('label')"), tags("label: text('label').notNull().default('x'), weight: integer('weight')")]
}

const AFTER: [&str; 7] = [
    "0000_first.sql",
    "0001_theirs.sql",
    "0002_ours_0.down.sql",
    "0002_ours_0.sql",
    "0003_ours_1.down.sql",
    "0003_ours_1.sql",
    "meta",
];

#[test]
fn in_the_middle_of_a_merge_the_branch_that_comes_in_stays_first() {
    let ours = ours();
    let project = two_branches(&format!("{SQLITE}{}", table("posts", "title: text('title')")), &[&ours[0], &ours[1]]);
    assert_eq!(git(&project, &["checkout", "-q", "work"]).0, 0);
    let (code, text) = git(&project, &["merge", "main"]);
    assert!(code != 0 && text.contains("CONFLICT"), "{text}");
    assert_eq!(project.run(&["check"]).0, 1, "a journal with conflict markers");
    let (code, text) = project.run(&["rebase", "--dry-run"]);
    assert!(code == 0 && text.contains("would remove drizzle/0001_ours_0.sql"), "{text}");
    assert!(project.path("drizzle/0001_ours_0.sql").exists());
    let (code, text) = project.run(&["rebase"]);
    assert!(code == 0 && text.contains("0001_ours_0 is now 0002_ours_0"), "{text}");
    assert_eq!(project.names("drizzle"), AFTER);
    is_whole(&project);
    commit(&project, "merged");
    assert_eq!(project.run(&["rebase"]).0, 2, "of what, nobody knows");
    let (code, text) = project.run(&["rebase", "--onto", "main"]);
    assert!(code == 0 && text.contains("nothing to do"), "{text}");
}

#[test]
fn in_the_middle_of_a_rebase_each_commit_comes_behind() {
    let ours = ours();
    let project = two_branches(&format!("{SQLITE}{}", table("posts", "title: text('title')")), &[&ours[0], &ours[1]]);
    assert_eq!(git(&project, &["checkout", "-q", "work"]).0, 0);
    let (code, text) = git(&project, &["rebase", "main"]);
    assert!(code != 0 && text.contains("CONFLICT"), "{text}");
    let (code, text) = project.run(&["rebase"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(git(&project, &["add", "-A", "."]).0, 0);
    let (code, text) = git(&project, &["rebase", "--continue"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(project.names("drizzle"), AFTER);
    is_whole(&project);
}

#[test]
fn before_a_merge_the_other_branch_is_named() {
    let ours = ours();
    let project = two_branches(&format!("{SQLITE}{}", table("posts", "title: text('title')")), &[&ours[0], &ours[1]]);
    assert_eq!(git(&project, &["checkout", "-q", "work"]).0, 0);
    let (code, text) = project.run(&["rebase", "--onto", "nowhere"]);
    assert!(code == 2 && text.contains("no such revision"), "{text}");
    let (code, text) = project.run(&["rebase", "--onto", "main"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(project.names("drizzle"), AFTER);
    commit(&project, "ours behind theirs");
    // The journal is this branch's with the other's entries in it.
    assert_ne!(git(&project, &["merge", "main"]).0, 0);
    assert_eq!(git(&project, &["checkout", "--ours", "drizzle"]).0, 0);
    is_whole(&project);
}

#[test]
fn two_branches_that_change_the_same_are_shown_and_nothing_is_written() {
    let ours = ours();
    let theirs = format!("{SQLITE}{}", table("tags", "name: text('name')"));
    let project = two_branches(&theirs, &[&ours[0]]);
    assert_eq!(git(&project, &["checkout", "-q", "work"]).0, 0);
    let before = project.names("drizzle");
    let (code, text) = project.run(&["rebase", "--onto", "main"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("main: 0001_theirs makes table `tags`"), "{text}");
    assert!(text.contains("here: 0001_ours_0 makes table `tags`"), "{text}");
    assert_eq!(project.names("drizzle"), before);
}

#[test]
fn files_of_another_tool_get_the_next_version() {
    let project = Project::new("sqlite", "");
    std::fs::remove_file(project.path("drizzle.config.ts")).unwrap();
    std::fs::create_dir(project.path("migrations")).unwrap();
    project.write("driftlens.toml", "dialect = \"sqlite\"\nmigrations = \"migrations\"\nformat = \"sqlx\"\n");
    project.write("migrations/1_a.up.sql", "CREATE TABLE a (id integer PRIMARY KEY);\n");
    project.write("migrations/1_a.down.sql", "DROP TABLE a;\n");
    assert_eq!(git(&project, &["init", "-q", "-b", "main"]).0, 0);
    commit(&project, "first");
    assert_eq!(git(&project, &["checkout", "-qb", "work"]).0, 0);
    project.write("migrations/2_ours.up.sql", "ALTER TABLE a ADD COLUMN b text;\n");
    project.write("migrations/2_ours.down.sql", "ALTER TABLE a DROP COLUMN b;\n");
    commit(&project, "ours");
    assert_eq!(git(&project, &["checkout", "-q", "main"]).0, 0);
    project.write("migrations/2_theirs.up.sql", "ALTER TABLE a ADD COLUMN c text;\n");
    project.write("migrations/2_theirs.down.sql", "ALTER TABLE a DROP COLUMN c;\n");
    commit(&project, "theirs");
    assert_eq!(git(&project, &["checkout", "-q", "work"]).0, 0);
    assert_eq!(git(&project, &["merge", "main"]).0, 0, "git sees no conflict");
    assert_eq!(project.run(&["check"]).0, 1, "two migrations of one version");
    let (code, text) = project.run(&["rebase", "--onto", "main"]);
    assert!(code == 0 && text.contains("2_ours is now 3_ours"), "{text}");
    let names =
        ["1_a.down.sql", "1_a.up.sql", "2_theirs.down.sql", "2_theirs.up.sql", "3_ours.down.sql", "3_ours.up.sql"];
    assert_eq!(project.names("migrations"), names);
    assert_eq!(project.run(&["check"]).0, 0);
    project.write("migrations/2_theirs.up.sql", "DROP TABLE a;\n");
    commit(&project, "dropped");
    assert_eq!(git(&project, &["branch", "-f", "theirs"]).0, 0);
    assert_eq!(git(&project, &["mv", "migrations/3_ours.up.sql", "migrations/2_ours.up.sql"]).0, 0);
    let (code, text) = project.run(&["rebase", "--onto", "main"]);
    assert!(code == 1 && text.contains("with different SQL"), "{text}");
}
