import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, MINUTE_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { reasonOf } from "@/core/errors";
import type { Mailer } from "@/core/mail/mailer";
import { nounFor } from "@/core/noun";
import { type Finding, look, ok, trouble } from "./finding";

const LATE_MS = 5 * MINUTE_MS;

/** Whether the mail server takes mail from here, as far as it tells without one. */
export async function checkMail({ db }: Context, mailer: Mailer | null): Promise<Finding> {
  if (mailer !== null) {
    try {
      await mailer.transport.verify();
      return ok("mail", "the mail server lets Cordwood in");
    } catch (error) {
      return trouble(
        "mail",
        `the mail server does not: ${reasonOf(error)}`,
        "Look at SMTP_URL: host, port, user, password.",
      );
    }
  }
  const { rows } = await db.execute(sql`
    select (select count(*) from logs.alert_configs as config where enabled and (alert_email is not null or exists (
        select from logs.alert_receivers where config_id = config.id and channel = 'email')))::int
      + (select count(*) from logs.alert_queries as query where enabled and exists (
        select from logs.alert_receivers where alert_id = query.id and channel = 'email'))::int as count`);
  const [{ count }] = z.tuple([z.object({ count: z.number() })]).parse(rows);
  if (count === 0) return ok("mail", "no mail server is set, and no alert needs one");
  return trouble(
    "mail",
    `${count} ${nounFor(count, "alert wants", "alerts want")} mail, and there is no mail server`,
    "Set SMTP_URL.",
  );
}

const deliveriesSchema = z.object({ late: z.number(), failed: z.number(), error: z.string().nullable() });

/** Notifications that could not be sent within the last day, or should have been. */
export async function checkDeliveries({ db, clock }: Context): Promise<Finding[]> {
  const now = clock.now();
  const findings: Finding[] = [];
  for (const [channel, part] of [
    ["email", "mail"],
    ["webhook", "webhooks"],
  ] as const) {
    const { rows } = await db.execute(sql`
      select count(*) filter (where status in ('pending', 'sending') and next_attempt_at < ${addMs(now, -LATE_MS)}::timestamptz)::int as late,
        count(*) filter (where last_error is not null and status <> 'delivered')::int as failed,
        (array_agg(last_error order by created_at desc) filter (where last_error is not null and status <> 'delivered'))[1] as error
      from logs.alert_deliveries
      where channel = ${channel} and created_at > ${addMs(now, -DAY_MS)}::timestamptz`);
    const [{ late, failed, error }] = z.tuple([deliveriesSchema]).parse(rows);
    if (failed > 0) {
      const says = `${failed} ${nounFor(failed, "notification")} of the last day could not be sent: ${error}`;
      findings.push(trouble(part, says, "Look at the incident's page for what was tried, and at the receiver."));
    } else if (late > 0) {
      findings.push(
        look(
          part,
          `${late} ${nounFor(late, "notification waits", "notifications wait")}`,
          "Start Cordwood, or look at its jobs.",
        ),
      );
    } else if (channel === "webhook") findings.push(ok(part, "none of the last day failed"));
  }
  return findings;
}
