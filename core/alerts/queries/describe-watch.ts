import type { QueryWatch } from "./schemas";

/** At most six digits that matter. */
export const formatValue = (value: number): string =>
  new Intl.NumberFormat("en", { maximumSignificantDigits: 6 }).format(value);

const COMPARED = { ">": "more than", ">=": "at least", "<": "less than", "<=": "at most" } as const;

type Watch = Pick<QueryWatch, "watch" | "comparison" | "threshold" | "window_minutes" | "against" | "change_in">;

const lengthOf = (minutes: number): string => {
  if (minutes === 1) return "a minute";
  if (minutes % 60 !== 0) return `${minutes} minutes`;
  return minutes === 60 ? "an hour" : `${minutes / 60} hours`;
};

/** What stands behind the values that are compared. */
export const unitOf = ({ watch, change_in }: Pick<Watch, "watch" | "change_in">): string =>
  watch === "share" || (watch === "change" && change_in === "percent") ? " %" : "";

/** What an alert asks of a window, such as "more than 5 % in 10 minutes". */
export function describeWatch({ watch, comparison, threshold, window_minutes, against, change_in }: Watch): string {
  const within = `in ${lengthOf(window_minutes)}`;
  if (watch === "absence") return `nothing ${within}`;
  const compared = `${COMPARED[comparison]} ${formatValue(threshold)}${unitOf({ watch, change_in })} ${within}`;
  return watch === "change" ? `a change of ${compared}, against the ${against} before` : compared;
}
