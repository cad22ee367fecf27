import type { Context } from "@/core/context";
import type { SecretBox } from "@/core/secrets/secret-box";
import type { Outbox } from "./delivery/outbox";
import type { WebhookPolicy } from "./delivery/webhook-policy";

/** What alerting needs beside database and clock. */
export type AlertContext = Context & { outbox: Outbox; webhookPolicy: WebhookPolicy; secrets: SecretBox };
