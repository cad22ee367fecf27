import { throwAny } from "@/core/errors";
import { removeOrphans } from "@/core/segments/remove-orphans";
import { applyRetention, type RetentionResult } from "./apply-retention";
import type { ExpireContext } from "./expire-entries";
import type { RetentionPlan } from "./retention-plan";

/**
 * Removes what is past its retention, and then the files that no catalogue names: also when some of it could not be removed, as that may
 * go on for long and files take up room.
 * @throws what went wrong, after both were tried
 */
export async function runRetention(
  context: ExpireContext,
  plan: RetentionPlan,
): Promise<RetentionResult & { removed_files: number }> {
  const errors: unknown[] = [];
  const fails = (error: unknown) => {
    errors.push(error);
    return null;
  };
  const applied = await applyRetention(context, plan).catch(fails);
  const removed = await removeOrphans(context).catch(fails);
  throwAny(errors);
  return { dropped_days: [], expired_entries: 0, ...applied, removed_files: removed ?? 0 };
}
