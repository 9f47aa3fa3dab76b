// Applies a folder of migrations with drizzle-orm's own migrator, then runs a query and prints its rows as JSON.
//
//   node migrate.mjs SOCKET DATABASE FOLDER QUERY
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

const [socket, database, migrationsFolder, query] = process.argv.slice(2);
const client = postgres({ path: socket, database, username: "postgres", max: 1, onnotice: () => {} });
try {
  await migrate(drizzle(client), { migrationsFolder });
  console.log(JSON.stringify(await client.unsafe(query)));
} finally {
  await client.end();
}
