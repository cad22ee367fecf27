import { and, eq, isNotNull, notLike } from "drizzle-orm";
import type { Context } from "@/core/context";
import { SEALED_START, type SecretBox } from "@/core/secrets/secret-box";
import { alertConfigs } from "@/db/schema";

const USE = "webhook secret";

type Secrets = { secrets: SecretBox };

/** As it is stored; what is absent stays so. */
export const sealWebhookSecret = <Secret extends string | null | undefined>({ secrets }: Secrets, secret: Secret) =>
  typeof secret === "string" ? secrets.seal(secret, USE) : secret;

/** @throws SealError */
export const openWebhookSecret = ({ secrets }: Secrets, stored: string | null): string | null =>
  stored === null ? null : secrets.open(stored, USE);

/** Seals those that were stored before secrets were. */
export async function sealWebhookSecrets(context: Context & Secrets): Promise<void> {
  const { db } = context;
  const plain = and(isNotNull(alertConfigs.webhookSecret), notLike(alertConfigs.webhookSecret, `${SEALED_START}%`));
  for (const { id, webhookSecret } of await db.select().from(alertConfigs).where(plain)) {
    await db
      .update(alertConfigs)
      .set({ webhookSecret: sealWebhookSecret(context, webhookSecret) })
      .where(and(eq(alertConfigs.id, id), plain));
  }
}
