import { codeOf, SQL_STATES } from "@/core/error-code";
import { isFault } from "@/core/errors";
import { isPassing } from "@/core/ingest/write";
import type { Logger } from "@/core/logger";
import type { RunningAlert } from "./load-alerts";

/**
 * Reads something for one alert, or tells why it can't be: that must not hold up the others.
 * @throws what fails as the database is away, which comes to all of them
 */
export async function orReason<Result extends object>(
  { logger }: { logger: Pick<Logger, "warn"> },
  { id }: Pick<RunningAlert, "id">,
  read: () => Promise<Result>,
): Promise<Result | { reason: string }> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error)) return { reason: error.message };
    const tookTooLong = codeOf(error) === SQL_STATES.queryCanceled;
    if (isPassing(error) && !tookTooLong) throw error;
    logger.warn({ error }, `what came before could not be read for alert ${id} on a query`);
    // What failed says its statement, which is nothing to tell who looks at the alert.
    return {
      reason: tookTooLong
        ? "reading what came before took too long"
        : "what came before could not be read; the log says why",
    };
  }
}
