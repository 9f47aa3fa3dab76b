// Applies a folder of migrations with the migrator of drizzle-orm 1.0, then runs a query and prints its rows as JSON.
//
//   node migrate.mjs postgres SOCKET DATABASE FOLDER QUERY
//   node migrate.mjs sqlite FILE FOLDER QUERY
import fs from "node:fs";

const [dialect, ...rest] = process.argv.slice(2);
const rows = dialect === "postgres" ? await onPostgres(...rest) : await onSqlite(...rest);
console.log(JSON.stringify(rows));

async function onPostgres(socket, database, migrationsFolder, query) {
  const { default: postgres } = await import("postgres");
  const { drizzle } = await import("drizzle-orm/postgres-js");
  const { migrate } = await import("drizzle-orm/postgres-js/migrator");
  const client = postgres({ path: socket, database, username: "postgres", max: 1, onnotice: () => {} });
  try {
    await migrate(drizzle({ client }), { migrationsFolder });
    return await client.unsafe(query);
  } finally {
    await client.end();
  }
}

// SQLite itself, compiled for any machine; foreign keys are on as in better-sqlite3.
async function onSqlite(file, migrationsFolder, query) {
  const { default: initSqlJs } = await import("sql.js");
  const { drizzle } = await import("drizzle-orm/sql-js");
  const { migrate } = await import("drizzle-orm/sql-js/migrator");
  const { Database } = await initSqlJs();
  const client = new Database(fs.existsSync(file) ? fs.readFileSync(file) : undefined);
  client.run("PRAGMA foreign_keys = ON");
  await migrate(drizzle(client), { migrationsFolder });
  const statement = client.prepare(query);
  const rows = [];
  while (statement.step()) rows.push(statement.getAsObject());
  statement.free();
  fs.writeFileSync(file, client.export());
  return rows;
}
