//! `driftlens diff` as a person runs it.

use crate::project::Project;
use std::process::Command;

const BEFORE: &str = "CREATE TABLE a (id integer PRIMARY KEY, b text);\n";
const AFTER: &str = "CREATE TABLE a (id integer PRIMARY KEY, c text);\n";

fn git(project: &Project, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(project.path("")).args(["-c", "user.email=a@example.org", "-c", "user.name=a"]).args(arguments);
    let output = git.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn two_sql_files_are_compared_and_renames_are_asked_for() {
    let project = Project::new("sqlite", "");
    project.write("before.sql", BEFORE);
    project.write("after.sql", AFTER);
    let diff = |arguments: &[&str]| project.run(&[&["diff", "before.sql", "after.sql"], arguments].concat());
    assert_eq!(project.run(&["diff", "before.sql", "before.sql"]), (0, String::new()));
    let (code, text) = diff(&[]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("--rename a.b=c"), "{text}");
    let (code, text) = diff(&["--rename", "a.b=c", "--format", "sql"]);
    assert_eq!((code, text.as_str()), (1, "ALTER TABLE `a` RENAME COLUMN \"b\" TO \"c\";\n"));
    let (code, text) = diff(&["--no-renames", "--format", "json"]);
    assert_eq!(code, 1, "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let kinds: Vec<&str> = json["steps"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["add_column", "drop_column"]);
    assert_eq!(project.run(&["diff", "before.sql", "none.sql"]).0, 2);
}

#[test]
fn what_stands_in_the_way_has_a_line_each_and_of_many_the_first() {
    let project = Project::new("postgresql", "");
    let table = "CREATE TABLE t (a int);\n";
    let rules = (0..10).map(|n| format!("CREATE RULE r{n} AS ON DELETE TO t DO NOTHING;\n"));
    project.write("before.sql", table);
    project.write("after.sql", &format!("{table}{}", rules.collect::<String>()));
    let (code, text) = project.run(&["diff", "before.sql", "after.sql", "--dialect", "postgresql"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((code, lines.len(), lines[0]), (2, 10, "driftlens: not everything can be planned:"), "{text}");
    assert!(lines[1].starts_with("  public.t.r0: The text of the rule") && lines[9] == "  and 2 more", "{text}");
}

#[test]
fn a_revision_of_git_is_compared_with_the_files_of_now() {
    let schema = |columns: &str| {
        format!(
            "import {{ sqliteTable, text }} from 'drizzle-orm/sqlite-core';\nexport const a = sqliteTable('a', {{ {columns} }});\n"
        )
    };
    let project = Project::new("sqlite", &schema("x: text('x')"));
    git(&project, &["init", "-q", "-b", "main"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "-q", "-m", "one"]);
    assert_eq!(project.run(&["diff", "main:", "desired"]), (0, String::new()));
    project.write("schema.ts", &schema("x: text('x'), y: text('y')"));
    let (code, text) = project.run(&["diff", "main:", "desired", "--format", "sql"]);
    assert_eq!((code, text.as_str()), (1, "ALTER TABLE `a` ADD `y` text;\n"));
    let (code, text) = project.run(&["diff", "nowhere:", "desired"]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("git knows no such revision"), "{text}");
}
