import { createHash } from "node:crypto";
import pg from "pg";
import { admit } from "@/app/admit";
import { readOptions } from "@/bin/options";
import { Access } from "@/core/access/access";
import { createKey } from "@/core/access/keys/create-key";
import { systemClock } from "@/core/clock";
import { readConfig } from "@/core/config";
import { createLogger } from "@/core/logger";
import { databaseOf } from "@/db/client";
import { TestServer } from "@/e2e/server";

readOptions("npm run bench:access --", "What it costs to let a request in.", {});

/** Prints what it costs to let a request in, beside the one SHA-256 of the key that no way of checking one can do without. */
const REQUESTS = 20_000;
const ROUNDS = 5;

async function microseconds(work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    for (let count = 0; count < REQUESTS; count++) await work();
    best = Math.min(best, ((performance.now() - started) / REQUESTS) * 1_000);
  }
  return best;
}

const server = new TestServer();
try {
  await server.start();
  const pool = new pg.Pool({ connectionString: server.databaseUrl() });
  const db = databaseOf(pool);
  const clock = systemClock;
  const access = new Access({
    db,
    pool,
    clock,
    config: readConfig({}),
    logger: createLogger("warn"),
    secret: "of a benchmark, nothing else has it",
    publicUrl: server.url,
    mailer: null,
    isOnLoopback: true,
  });
  const input = { name: "bench", scopes: ["ingest" as const], services: null, expires_at: null };
  const { key } = await createKey({ db, clock }, input, "bench");
  const headers = new Headers({ authorization: `Bearer ${key}` });
  const hash = await microseconds(() => createHash("sha256").update(key).digest("hex"));
  const admitted = await microseconds(() => admit(access, headers, "ingest"));
  console.log(`SHA-256 of a key: ${hash.toFixed(2)} µs`);
  console.log(`a request let in by its key: ${admitted.toFixed(2)} µs, ${(admitted / hash).toFixed(1)} times that`);
  await pool.end();
} finally {
  await server.remove();
}
