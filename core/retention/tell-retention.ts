import { nounFor } from "@/core/noun";
import type { Retention } from "@/core/settings/schemas";
import type { RetentionPlan } from "./retention-plan";

/** A retention in one line, for the audit log: "entries 30 days, counts 90 days; debug 3 days; audit 365 days; at most 20 GB". */
export function tellRetention({ rules, max_disk_gb }: Retention, { days, countsDays }: RetentionPlan): string {
  const ofDays = (count: number) => `${count} ${nounFor(count, "day")}`;
  const ofRules = rules.map(
    (rule) => `${[rule.service, rule.level].filter((part) => part !== null).join(" ")} ${ofDays(rule.days)}`,
  );
  const most = max_disk_gb === null ? [] : [`at most ${max_disk_gb} GB`];
  return [`entries ${ofDays(days)}, counts ${ofDays(countsDays)}`, ...ofRules, ...most].join("; ");
}
