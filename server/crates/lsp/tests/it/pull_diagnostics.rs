//! Findings for clients that ask for them.

use crate::harness::Client;
use crate::lifecycle::server;
use crate::project::{PUBLISH, capabilities, codes, start, start_with, uri, with_migrations, write};
use serde_json::{Value, json};
use std::time::Duration;

const REFRESH: &str = "workspace/diagnostic/refresh";
const HEAD: &str = "import { pgTable, integer } from 'drizzle-orm/pg-core';\n";
const A: &str = "export const a = pgTable('a', { id: integer() });\n";
const MIGRATIONS: [(&str, &str); 1] = [("0000_a", "CREATE TABLE a (id integer);\n")];

fn pulling() -> Value {
    let mut capabilities = capabilities();
    capabilities["textDocument"]["diagnostic"] = json!({"dynamicRegistration": true});
    capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    capabilities
}

impl Client<i32> {
    async fn pull(&mut self, uri: &str, known: Option<&str>) -> Value {
        let params = json!({"textDocument": {"uri": uri}, "identifier": "driftlens", "previousResultId": known});
        self.request("textDocument/diagnostic", params).await
    }

    async fn nothing_published(&mut self, uri: &str) {
        self.expect_none(Duration::from_millis(400), |it| it["method"] == PUBLISH && it["params"]["uri"] == uri).await;
    }
}

fn items(report: &Value) -> &[Value] {
    report["items"].as_array().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_open_is_answered_and_the_rest_published() {
    let changed = format!("{HEAD}{}", A.replace("id:", "n: integer(), id:"));
    let folder = with_migrations(&changed, &MIGRATIONS);
    let schema = uri(&folder, "schema.ts");
    let mut client = start_with(&[&folder], pulling()).await;
    // Nobody has it open yet; and who opens it has it twice until it is taken back.
    assert_eq!(codes(&client.published(&schema, Value::Null).await), ["schema/missing-migration"]);
    client.open(&schema, 1, &changed).await;
    assert_eq!(client.published(&schema, json!(1)).await, [] as [Value; 0]);
    let first = client.pull(&schema, None).await;
    assert_eq!((&first["kind"], codes(items(&first))), (&json!("full"), vec!["schema/missing-migration"]));
    let id = first["resultId"].as_str().unwrap();
    assert_eq!(client.pull(&schema, Some(id)).await, json!({"kind": "unchanged", "resultId": id}));

    // Asked while it is being typed: the answer is about that text.
    client.replace(&schema, 2, &format!("{HEAD}{A}")).await;
    let second = client.pull(&schema, Some(id)).await;
    assert_eq!((&second["kind"], items(&second)), (&json!("full"), &[] as &[Value]));
    client.replace(&schema, 3, &format!("\n\n{changed}")).await;
    let third = client.pull(&schema, second["resultId"].as_str()).await;
    assert_eq!(items(&third)[0]["range"]["start"]["line"], 3, "{third}");
    client.nothing_published(&schema).await;
    // Each was asked for: nothing has to be asked again.
    assert!(client.unread(REFRESH).is_none());

    client.close(&schema).await;
    assert_eq!(codes(&client.published(&schema, Value::Null).await), ["schema/missing-migration"]);
    assert_eq!(items(&client.pull(&schema, None).await), [] as [Value; 0]);
    // What is no file has no findings.
    assert_eq!(items(&client.pull("untitled:Untitled-1", None).await), [] as [Value; 0]);
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_file_changes_is_asked_for_again() {
    let folder = with_migrations("export * from './a';\n", &MIGRATIONS);
    let text = format!("{HEAD}{A}");
    write(folder.path(), "a.ts", &text);
    let (a, migration) = (uri(&folder, "a.ts"), uri(&folder, "drizzle/0000_a.sql"));
    let mut client = start_with(&[&folder], pulling()).await;
    client.open(&a, 1, &text).await;
    assert_eq!(items(&client.pull(&a, None).await), [] as [Value; 0]);

    client.open(&migration, 1, "CREATE TABLE a (id bigint);\n").await;
    let asked = client.call_from_server(REFRESH).await;
    client.reply(&asked, Value::Null).await;
    assert_eq!(codes(items(&client.pull(&a, None).await)), ["schema/missing-migration"]);
    // What changes nothing there asks nobody.
    client.replace(&migration, 2, "CREATE TABLE a (id bigint) ;\n").await;
    client.pull(&migration, None).await;
    client.expect_none(Duration::from_millis(400), |it| it["method"] == REFRESH).await;
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_cannot_be_told_to_ask_again_is_told_the_findings() {
    for capabilities in [capabilities(), {
        let mut capabilities = pulling();
        capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": false});
        capabilities
    }] {
        let mut client = server();
        let told = client.initialize(json!({"capabilities": capabilities})).await;
        assert_eq!(told["capabilities"].get("diagnosticProvider"), None);
        assert_eq!(client.shut_down().await, 0);
    }
    let mut client = server();
    let told = client.initialize(json!({"capabilities": pulling()})).await;
    let offered = json!({"identifier": "driftlens", "interFileDependencies": true, "workspaceDiagnostics": false});
    assert_eq!(told["capabilities"]["diagnosticProvider"], offered);
    assert_eq!(client.shut_down().await, 0);

    // Whoever asks all the same gets an answer.
    let text = format!("{HEAD}{}", A.replace("id:", "n: integer(), id:"));
    let folder = with_migrations(&text, &MIGRATIONS);
    let schema = uri(&folder, "schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, &text).await;
    assert_eq!(codes(&client.published(&schema, json!(1)).await), ["schema/missing-migration"]);
    assert_eq!(codes(items(&client.pull(&schema, None).await)), ["schema/missing-migration"]);
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_code_of_a_finding_opens_its_page() {
    let text = format!("{HEAD}{}", A.replace("id:", "n: integer(), id:"));
    let folder = with_migrations(&text, &MIGRATIONS);
    let schema = uri(&folder, "schema.ts");
    for previews in [true, false] {
        let mut capabilities = pulling();
        capabilities["textDocument"]["publishDiagnostics"]["codeDescriptionSupport"] = json!(true);
        capabilities["experimental"] = json!({"driftlensPreview": previews});
        let mut client = start_with(&[&folder], capabilities).await;
        client.open(&schema, 1, &text).await;
        // Files are written beside the first analysis.
        let href = loop {
            let found = client.pull(&schema, None).await;
            if let Some(href) = items(&found)[0]["codeDescription"]["href"].as_str() {
                break href.to_owned();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let page = if previews {
            assert_eq!(href, "driftlens-preview:/explain/schema/missing-migration.md");
            client.request("driftlens/previewText", json!({"uri": href})).await["text"].as_str().unwrap().to_owned()
        } else {
            std::fs::read_to_string(href.strip_prefix("file://").unwrap()).unwrap()
        };
        assert!(page.starts_with("# schema/missing-migration\n"), "{page}");
        assert_eq!(client.shut_down().await, 0);
        assert!(previews || !std::path::Path::new(href.strip_prefix("file://").unwrap()).exists());
    }
}
