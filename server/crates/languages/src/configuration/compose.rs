//! `compose.yaml`: which services are a PostgreSQL, and as whom one connects to them. The file as it was written, or as the engine prints
//! it with everything resolved.

use std::collections::BTreeMap;

use super::yaml_leaves::{Leaves, Step};

/// What a compose file is called, the one that counts first.
pub const FILE_NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
/// Longer ones are not read.
const MOST_BYTES: usize = 1024 * 1024;
/// Images of PostgreSQL by their last name.
const IMAGES: [&str; 8] =
    ["postgres", "postgresql", "postgis", "pgvector", "timescaledb", "timescaledb-ha", "citus", "paradedb"];
/// What a service is called that is built from a file of the project's own.
const NAMES: [&str; 4] = ["db", "database", "postgres", "postgresql"];

/// A service, as far as it may be a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComposeService {
    pub name: String,
    pub image: String,
    pub environment: BTreeMap<String, String>,
}

/// As whom one connects, and to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposeLogin {
    pub user: String,
    /// None where none is needed.
    pub password: Option<String>,
    pub database: String,
}

/// The services in their order. What cannot be read says nothing. Aliases are not followed.
pub fn services(text: &str) -> Vec<ComposeService> {
    let mut services: Vec<ComposeService> = Vec::new();
    if text.len() > MOST_BYTES {
        return services;
    }
    for (path, value) in Leaves::new(text) {
        let [Step::Key(section), Step::Key(name), Step::Key(key), rest @ ..] = path.as_slice() else { continue };
        if section != "services" {
            continue;
        }
        if services.last().is_none_or(|last| last.name != *name) {
            services.push(ComposeService { name: name.clone(), ..ComposeService::default() });
        }
        let Some(service) = services.last_mut() else { continue };
        match (key.as_str(), rest) {
            ("image", []) => service.image = value,
            ("environment", [Step::Key(variable)]) if value != "~" && value != "null" => {
                service.environment.insert(variable.clone(), value);
            }
            ("environment", [Step::Position(_)]) => {
                if let Some((variable, value)) = value.split_once('=') {
                    service.environment.insert(variable.to_owned(), value.to_owned());
                }
            }
            _ => {}
        }
    }
    services
}

impl ComposeService {
    pub fn is_postgres(&self) -> bool {
        // A tag may be a variable; an image may be one as a whole.
        let repository = self.image.split(['$', '@']).next().unwrap_or_default();
        let last = repository.rsplit('/').next().unwrap_or_default();
        let name = last.split(':').next().unwrap_or_default();
        let says_password = ["POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "POSTGRES_HOST_AUTH_METHOD"]
            .iter()
            .any(|variable| self.environment.contains_key(*variable));
        IMAGES.contains(&name) || (name.is_empty() && NAMES.contains(&self.name.as_str()) && says_password)
    }

    /// True for one of a usual name: it is meant where a test's database stands beside it.
    pub fn has_usual_name(&self) -> bool {
        NAMES.contains(&self.name.as_str())
    }

    /// What the image makes of its variables; a sentence where it takes the password from a file.
    pub fn login(&self) -> Result<ComposeLogin, String> {
        let variable = |names: [&str; 2]| {
            names.iter().find_map(|name| self.environment.get(*name)).filter(|value| !value.is_empty()).cloned()
        };
        let user = variable(["POSTGRES_USER", "POSTGRESQL_USERNAME"]).unwrap_or_else(|| String::from("postgres"));
        let password = variable(["POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD"]);
        if password.is_none() && variable(["POSTGRES_PASSWORD_FILE", "POSTGRESQL_PASSWORD_FILE"]).is_some() {
            return Err(format!("the service `{}` takes its password from a file", self.name));
        }
        let database = variable(["POSTGRES_DB", "POSTGRESQL_DATABASE"]).unwrap_or_else(|| user.clone());
        Ok(ComposeLogin { user, password, database })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let told = |service: ComposeService| match (service.is_postgres(), service.login()) {
            (false, _) => format!("{}\n", service.name),
            (true, Ok(it)) => {
                format!("{}: {} {} {}\n", service.name, it.user, it.password.unwrap_or_default(), it.database)
            }
            (true, Err(why)) => format!("{}: {why}\n", service.name),
        };
        expected.assert_eq(&services(text).into_iter().map(told).collect::<String>());
    }

    #[test]
    fn a_database_is_known_by_its_image() {
        check(
            "services:\n  app:\n    build: .\n    environment:\n      POSTGRES_PASSWORD: pw\n  db:\n    image: postgres:16-alpine\n    environment:\n      POSTGRES_USER: me\n      POSTGRES_PASSWORD: \"p w\"\n      POSTGRES_DB: shop\n  exporter:\n    image: prometheuscommunity/postgres-exporter\n",
            expect![[r#"
                app
                db: me p w shop
                exporter
            "#]],
        );
    }

    #[test]
    fn variables_are_a_list_too_and_have_the_images_defaults() {
        check(
            "services:\n  geo:\n    image: ghcr.io/org/postgis:${TAG:-16}\n    environment:\n      - POSTGRES_PASSWORD=a=b\n      - PASSED_THROUGH\n  open:\n    image: docker.io/library/postgres@sha256:00\n    environment: [POSTGRES_HOST_AUTH_METHOD=trust, POSTGRES_USER=me]\n  bare:\n    image: \"${PG_IMAGE:-postgres}\"\n",
            expect![[r#"
                geo: postgres a=b postgres
                open: me  me
                bare
            "#]],
        );
    }

    #[test]
    fn one_that_is_built_is_known_by_its_name_and_a_file_is_no_password() {
        check(
            "name: x\nservices:\n  database:\n    build: ./db\n    environment: { POSTGRES_PASSWORD_FILE: /run/secrets/pw }\n  redis: { image: redis }\nvolumes: { data: }\n",
            expect![[r#"
                database: the service `database` takes its password from a file
                redis
            "#]],
        );
    }

    #[test]
    fn what_is_no_compose_file_has_no_services() {
        check("services: [a, b]\n", expect![[""]]);
        check("{ broken", expect![[""]]);
    }
}
