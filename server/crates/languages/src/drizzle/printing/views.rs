//! Views and materialized views.

use schema::{ObjectKind, ObjectPath, View};

use super::Printer;
use super::indexes::options;
use super::literals::string;

impl Printer<'_> {
    pub(super) fn views(&mut self) -> String {
        let schema = self.schema;
        let views: Vec<String> = schema.views.values().map(|view| self.view(view)).collect();
        views.join("\n")
    }

    fn view(&mut self, view: &View) -> String {
        let path = ObjectPath::new(ObjectKind::View, &view.name);
        if view.opaque || (view.definition.is_none() && !view.existing) {
            return self.leave_out(path, "its query is not known, so it is not in this file");
        }
        let mut text = String::new();
        for column in view.columns.values().filter(|column| column.comment.is_some()) {
            text.push_str(&self.left_out_of_column(&view.name, column));
        }
        let function = match view.materialized {
            true => self.maker(&view.name.namespace, ("pgMaterializedView", "sqliteView"), "materializedView"),
            false => self.maker(&view.name.namespace, ("pgView", "sqliteView"), "view"),
        };
        let mut columns = String::new();
        for column in view.columns.values() {
            let key = self.names.column(&view.name, &column.name).unwrap_or_default().to_owned();
            let is_key = view.primary_key.contains(&column.name);
            columns.push_str(&format!("  {}", self.view_column(&key, column, is_key)));
        }
        let columns = if columns.is_empty() { String::from("{}") } else { format!("{{\n{columns}}}") };
        let export = self.names.object(ObjectKind::View, &view.name);
        text.push_str(&format!("export const {export} = {function}({}, {columns})", string(&view.name.name)));
        if let Some(method) = &view.using {
            text.push_str(&format!(".using({})", string(method)));
        }
        if let Some(options) = options(&view.with) {
            text.push_str(&format!(".with({options})"));
        }
        if let Some(tablespace) = &view.tablespace {
            text.push_str(&format!(".tablespace({})", string(tablespace)));
        }
        if view.with_no_data == Some(true) {
            text.push_str(".withNoData()");
        }
        match &view.definition {
            Some(definition) if !view.existing => {
                text.push_str(&format!(".as({});\n", self.sql(definition.text.trim())));
            }
            _ => text.push_str(".existing();\n"),
        }
        text
    }
}
