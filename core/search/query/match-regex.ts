import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";
import type { Regex } from "./regex";

/** Compiled expressions of live queries. */
const compiled = new LRUCache<string, RE2JS>({ max: 500 });

/** Whether folded text has a match, in time linear to its length. `.` stands for line breaks too, as in PostgreSQL. */
export function matchesRegex({ source }: Regex, text: string): boolean {
  let regex = compiled.get(source);
  if (!regex) {
    regex = RE2JS.compile(source, RE2JS.DOTALL);
    compiled.set(source, regex);
  }
  return regex.matcher(text).find();
}
