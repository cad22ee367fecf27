/** Every scalar in attributes with its path, as the query language names it; the elements of an array share one. */
export function flattenAttributes(value: unknown, path: readonly string[] = []): [path: string, value: string][] {
  if (Array.isArray(value)) return value.flatMap((item) => flattenAttributes(item, path));
  if (value !== null && typeof value === "object") {
    return Object.entries(value).flatMap(([name, inner]) => flattenAttributes(inner, [...path, name]));
  }
  return value === null || value === undefined || path.length === 0 ? [] : [[path.join("."), String(value)]];
}
