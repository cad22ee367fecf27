import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { removeDataFolder } from "@/db/embedded/data-folder";
import { startEmbeddedServer } from "@/db/embedded/embedded-server";
import { migrateDatabase } from "@/db/migrate";

declare module "vitest" {
  interface ProvidedContext {
    /** Of the server's `postgres` database. */
    postgres: string;
    /** Of a cluster of Citus, the ports of the coordinator and the workers; none: databases are not distributed. */
    citus: number[];
  }
}

export const TEMPLATE = "cordwood_template";

/** Starts one real PostgreSQL for the whole run, with a migrated template that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-test-"));
  const server = await startEmbeddedServer(folder, (event) => process.stderr.write(`${event}\n`));
  const client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  await migrateDatabase(databaseUrl(server.connectionString, TEMPLATE));
  project.provide("postgres", server.connectionString);
  project.provide("citus", []);
  return async () => {
    await server.stop();
    removeDataFolder(folder);
  };
}

/** The same server, another database. */
export function databaseUrl(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return url.href;
}
