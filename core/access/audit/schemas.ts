import { z } from "zod";
import { ACTOR_KINDS } from "@/db/schema/access-names";
import { AUDIT_ACTIONS } from "./actions";

export const auditEventSchema = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  actor_kind: z.enum(ACTOR_KINDS),
  actor: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  target: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()).nullable(),
  address: z.string().nullable(),
});

export const auditPageSchema = z.object({
  events: z.array(auditEventSchema),
  /** For the page before, which is older; null: there is none. */
  next: z.number().nullable(),
  /** Of all that are selected, on other pages too; up to 100,000 are counted. */
  total: z.number(),
});

export type AuditEvent = z.infer<typeof auditEventSchema>;
export type AuditPage = z.infer<typeof auditPageSchema>;
