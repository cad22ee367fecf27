import pg from "pg";
import { z } from "zod";
import { expect } from "./test";

const storedSchema = z.array(z.object({ message: z.string(), count: z.number() }));

/** That each of these messages is stored, none is twice, and the counts are those of what is stored. Nothing may be sealed. */
export async function expectStoredOnce(databaseUrl: string, messages: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const result = await client.query("select message, count(*)::int as count from logs.logs group by 1");
    const rows = storedSchema.parse(result.rows);
    expect(rows.filter((row) => row.count !== 1)).toEqual([]);
    const stored = new Set(rows.map((row) => row.message));
    expect(messages.filter((message) => !stored.has(message))).toEqual([]);
    const counts = await client.query("select sum(count)::int as count from logs.stats_minute");
    expect(counts.rows).toEqual([{ count: stored.size }]);
  } finally {
    await client.end();
  }
}
