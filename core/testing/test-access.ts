import { Access } from "@/core/access/access";
import { readConfig } from "@/core/config";
import { createLogger } from "@/core/logger";
import type { Mailer } from "@/core/mail/mailer";
import type { TestDatabase } from "./test-database";

/** After which a limit of a minute may be over. */
export const SECONDS_OF_A_MINUTE = Array.from({ length: 60 }, (_, before) => before + 1);

export const PUBLIC_URL = "http://127.0.0.1:3000";

type Options = {
  environment?: Record<string, string>;
  isOnLoopback?: boolean;
  mailer?: Mailer | null;
  publicUrl?: string;
  secret?: string;
};

/** Access as a process has it, on a test's database and clock; a second one stands for another instance. */
export function accessOf(
  context: TestDatabase,
  {
    environment = {},
    isOnLoopback = true,
    mailer = null,
    publicUrl = PUBLIC_URL,
    secret = "a secret of tests only, nothing else",
  }: Options = {},
): Access {
  const config = readConfig(environment);
  const logger = createLogger("silent");
  return new Access({ ...context, config, logger, secret, publicUrl, mailer, isOnLoopback });
}
