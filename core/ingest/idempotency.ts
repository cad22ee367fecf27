import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Clock } from "@/core/clock";
import type { Executor } from "@/core/context";
import { unavailable } from "@/core/errors";

/** What a request for entries is answered, and what a repeated Idempotency-Key gets again. */
export const ingestAnswerSchema = z.object({
  accepted: z.number(),
  rejected: z.number(),
  errors: z.array(z.object({ index: z.number(), error: z.string() })),
  /** By their index: entries that came before under the same name, and are stored once. Absent: none. */
  repeated: z.array(z.number()).optional(),
  /** As the request said it. */
  contents: z.string().optional(),
});

export type IngestAnswer = z.infer<typeof ingestAnswerSchema>;

const answersSchema = z.array(z.object({ idempotency_key: z.string(), answer: ingestAnswerSchema }));
const keysSchema = z.array(z.object({ idempotency_key: z.string() }));

/** The stored answers by their keys, of those under which something was written. */
export async function findAnswers(db: Executor, keys: readonly string[]): Promise<Map<string, IngestAnswer>> {
  const { rows } = await db.execute(sql`
    select idempotency_key, answer from logs.ingest_requests
    where idempotency_key = any(${sql.param(keys)}::text[]) and answer is not null`);
  return new Map(answersSchema.parse(rows).map(({ idempotency_key, answer }) => [idempotency_key, answer]));
}

/** Of a key that was taken. @throws Fault unavailable when it was forgotten in the same moment */
export function answerOf(answers: ReadonlyMap<string, IngestAnswer>, key: string): IngestAnswer {
  const answer = answers.get(key);
  if (!answer) throw unavailable("what was answered under this key has just been forgotten; send this request again");
  return answer;
}

/**
 * Claims keys for this transaction, all by one statement in one order, so that two transactions can't deadlock. What another one has
 * claimed is waited for: so a key is claimed only by who goes on to the commit without waiting for a sender.
 * @returns those that were free
 */
export async function claimKeys(transaction: Executor, keys: readonly string[], clock: Clock): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await transaction.execute(sql`
    insert into logs.ingest_requests (idempotency_key, created_at)
    select key, ${clock.now()}::timestamptz from unnest(${sql.param([...new Set(keys)].sort())}::text[]) as key
    on conflict (idempotency_key) do nothing returning idempotency_key`);
  return keysOf(rows);
}

/** Those that are taken already, as far as it is committed; nobody is waited for. */
export async function findTaken(db: Executor, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.execute(sql`
    select idempotency_key from logs.ingest_requests where idempotency_key = any(${sql.param(keys)}::text[])`);
  return keysOf(rows);
}

const keysOf = (rows: unknown): Set<string> =>
  new Set(keysSchema.parse(rows).map(({ idempotency_key }) => idempotency_key));

/** Stores answers in the transaction that claimed their keys. */
export async function storeAnswers(transaction: Executor, answers: ReadonlyMap<string, IngestAnswer>): Promise<void> {
  if (answers.size === 0) return;
  const texts = Array.from(answers.values(), (answer) => JSON.stringify(answer));
  await transaction.execute(sql`
    update logs.ingest_requests as request set answer = given.answer
    from unnest(${sql.param([...answers.keys()])}::text[], ${sql.param(texts)}::json[]) as given (key, answer)
    where request.idempotency_key = given.key`);
}
