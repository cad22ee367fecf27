import { eq, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import type { Logger } from "@/core/logger";
import { alertConfigs, alertReceivers, settings, users } from "@/db/schema";
import { SealError, type SecretBox } from "./secret-box";

const NAME = "sealed_check";
const TEXT = "cordwood";

/**
 * That what is sealed in the database can be opened: asked at the start, because a lost secret must not be noticed at the
 * first alert. While nothing is sealed and nobody has an account, another secret does no harm and takes its place.
 * @throws SealError
 */
export async function checkSecret({
  db,
  clock,
  secrets,
  logger,
}: Context & { secrets: SecretBox; logger: Pick<Logger, "warn"> }): Promise<void> {
  const row = { name: NAME, value: secrets.seal(TEXT, NAME), updatedAt: clock.now() };
  await db.insert(settings).values(row).onConflictDoNothing();
  const [stored] = await db.select({ value: settings.value }).from(settings).where(eq(settings.name, NAME));
  try {
    secrets.open(z.string().parse(stored?.value), NAME);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const sealed = db.select({ found: sql`1` }).from(alertConfigs).where(isNotNull(alertConfigs.webhookSecret));
    const receivers = db.select({ found: sql`1` }).from(alertReceivers).where(isNotNull(alertReceivers.secret));
    const people = db.select({ found: sql`1` }).from(users);
    if ((await sealed.unionAll(receivers).unionAll(people).limit(1)).length > 0) throw error;
    await db.update(settings).set(row).where(eq(settings.name, NAME));
    logger.warn({}, "another secret was used with this database; several instances need the same CORDWOOD_SECRET");
  }
}
