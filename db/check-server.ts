import type pg from "pg";

/** What a server says of itself and the database: `server_version_num` and `server_version`, `server_encoding`. */
export type ServerFacts = { versionNumber: number; version: string; encoding: string };

/** With it came pg_c_utf8, by which searches compare without case (ADR 8). */
const OLDEST = 17;

/**
 * What keeps Cordwood from using a database, as a sentence that says what is needed; null when nothing does. In another
 * encoding than UTF8 lines with characters that it lacks could not be stored.
 */
export function problemOfServer({ versionNumber, version, encoding }: ServerFacts): string | null {
  if (versionNumber < OLDEST * 10_000)
    return `its server is PostgreSQL ${version}, and Cordwood needs PostgreSQL ${OLDEST} or newer, whose collation pg_c_utf8 searches compare by`;
  if (encoding !== "UTF8")
    return `its encoding is ${encoding}, and Cordwood needs UTF8 because lines may hold any character: make one with "create database NAME encoding 'UTF8' template template0"`;
  return null;
}

/** What the server says of itself. */
export async function readServerFacts(client: pg.ClientBase): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(`
    select current_setting('server_version_num')::int as "versionNumber", current_setting('server_version') as version,
      current_setting('server_encoding') as encoding`);
  const [facts] = rows;
  if (!facts) throw new Error("the server does not say what it is");
  return facts;
}

/** @throws Error with what problemOfServer says */
export async function checkServer(client: pg.ClientBase): Promise<void> {
  const problem = problemOfServer(await readServerFacts(client));
  if (problem) throw new Error(problem);
}
