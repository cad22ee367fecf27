import type { Pattern } from "./query-tree";

/** Whether folded text has the pattern: anywhere in it, or as the whole of it. Takes linear time, as no part is tried twice. */
export function matchesPattern(pattern: Pattern, text: string, how: "contains" | "equals"): boolean {
  const [first = "", ...rest] = pattern;
  if (how === "equals" && rest.length === 0) return text === first;
  const last = how === "equals" ? rest.pop() : undefined;
  let from = 0;
  if (how === "equals") {
    if (!text.startsWith(first)) return false;
    from = first.length;
  } else {
    const found = text.indexOf(first);
    if (found < 0) return false;
    from = found + first.length;
  }
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return last === undefined || (text.length - last.length >= from && text.endsWith(last));
}
