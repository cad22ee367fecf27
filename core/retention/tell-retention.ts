import { nounFor } from "@/core/noun";
import type { Retention } from "@/core/settings/schemas";
import type { RetentionPlan } from "./retention-plan";

/** A retention in one line, for the audit log: "entries 30 days, counts 90 days; debug 3 days; audit 365 days". */
export function tellRetention({ rules }: Retention, { days, countsDays }: RetentionPlan): string {
  const ofDays = (count: number) => `${count} ${nounFor(count, "day")}`;
  const ofRules = rules.map(
    (rule) => `${[rule.service, rule.level].filter((part) => part !== null).join(" ")} ${ofDays(rule.days)}`,
  );
  return [`entries ${ofDays(days)}, counts ${ofDays(countsDays)}`, ...ofRules].join("; ");
}
