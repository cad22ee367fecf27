const NONE = "none";

/** What a group is called by its value; a text that is called as a group without one is stands in quotes. */
export function labelOfValue(value: string | null): string {
  if (value === null) return NONE;
  return /^"*none"*$/.test(value) ? `"${value}"` : value;
}
