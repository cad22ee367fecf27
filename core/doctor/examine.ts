import pg from "pg";
import type { Clock } from "@/core/clock";
import type { Config } from "@/core/config";
import { reasonOf } from "@/core/errors";
import { createMailer } from "@/core/mail/mailer";
import type { Segments } from "@/core/segments/segments";
import { createPool, databaseOf } from "@/db/client";
import { checkDeliveries, checkMail } from "./check-alerts";
import { checkClock, checkDatabase } from "./check-database";
import { checkDisk } from "./check-disk";
import { checkJobs } from "./check-jobs";
import { checkRedis } from "./check-redis";
import { checkSegments } from "./check-segments";
import { type Finding, trouble } from "./finding";

const CONNECT_MS = 10_000;

/** Looks at an installation by its database, and at what that needs; what can't be looked at is a finding too. */
export async function examine(
  config: Config,
  { connectionString, segments, clock }: { connectionString: string; segments: Segments; clock: Clock },
): Promise<Finding[]> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_MS });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    return [
      trouble(
        "database",
        `it can't be reached: ${reasonOf(error)}`,
        "Look at DATABASE_URL, and whether PostgreSQL runs.",
      ),
    ];
  }
  try {
    const findings = await checkDatabase(client);
    const isUsable = findings.every(({ state }) => state !== "trouble") && findings.at(-1)?.state === "ok";
    return isUsable
      ? [...findings, ...(await examineInside(config, client, { connectionString, segments, clock }))]
      : findings;
  } finally {
    await client.end();
  }
}

async function examineInside(
  config: Config,
  client: pg.Client,
  { connectionString, segments, clock }: { connectionString: string; segments: Segments; clock: Clock },
): Promise<Finding[]> {
  const isRunning = await hasCordwood(client);
  const pool = createPool(connectionString, () => undefined, 2);
  const db = databaseOf(pool);
  const context = { db, clock, segments };
  const mailer = config.smtpUrl === null ? null : createMailer(config.smtpUrl, config.mailFrom);
  try {
    const checks = [
      looked("clock", async () => [await checkClock(db, clock)]),
      looked("store of segments", () => checkSegments(context)),
      looked("disk of the segments", async () =>
        "folder" in config.segments ? [await checkDisk("segments", config.segments.folder)] : [],
      ),
      looked("Redis", async () => (config.redisUrl === null ? [] : [await checkRedis(config.redisUrl)])),
      looked("jobs", () => checkJobs(context, isRunning)),
      looked("mail", async () => [await checkMail(context, mailer)]),
      looked("webhooks", () => checkDeliveries(context)),
    ];
    return (await Promise.all(checks)).flat();
  } finally {
    mailer?.transport.close();
    await pool.end();
  }
}

/** Whether an instance is connected, by the name that its connections have. */
async function hasCordwood(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    "select 1 from pg_stat_activity where application_name = 'cordwood' and datname = current_database() and pid <> pg_backend_pid() limit 1",
  );
  return rows.length > 0;
}

async function looked(part: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [
      trouble(part, `it could not be looked at: ${reasonOf(error)}`, "Look at the log of Cordwood and of PostgreSQL."),
    ];
  }
}
