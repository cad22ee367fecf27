import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Clock } from "@/core/clock";
import type { Executor } from "@/core/context";

/** What a request for entries is answered, and what a repeated Idempotency-Key gets again. */
export const ingestAnswerSchema = z.object({
  accepted: z.number(),
  rejected: z.number(),
  errors: z.array(z.object({ index: z.number(), error: z.string() })),
  /** By their index: entries that came before under the same name, and are stored once. Absent: none. */
  repeated: z.array(z.number()).optional(),
});

export type IngestAnswer = z.infer<typeof ingestAnswerSchema>;

/** The stored answer of a key, null when nothing was written under it. */
export async function findAnswer(db: Executor, key: string): Promise<IngestAnswer | null> {
  const result = await db.execute(sql`select answer from logs.ingest_requests where idempotency_key = ${key}`);
  const row = result.rows[0];
  return row ? ingestAnswerSchema.parse(row.answer) : null;
}

/**
 * Claims a key for this transaction; one that holds it in another transaction is waited for.
 * @returns false when the key is taken
 */
export async function claimKey(transaction: Executor, key: string, clock: Clock): Promise<boolean> {
  const result = await transaction.execute(sql`
    insert into logs.ingest_requests (idempotency_key, created_at) values (${key}, ${clock.now()})
    on conflict (idempotency_key) do nothing returning 1`);
  return result.rows.length > 0;
}

/** Stores the answer in the transaction that claimed the key. */
export async function storeAnswer(transaction: Executor, key: string, answer: IngestAnswer): Promise<void> {
  await transaction.execute(sql`
    update logs.ingest_requests set answer = ${JSON.stringify(answer)}::json where idempotency_key = ${key}`);
}
