import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";
import type { Regex } from "./regex";

/** Compiled expressions of live queries. */
const compiled = new LRUCache<string, RE2JS>({ max: 500 });

/** Whether folded text has a match, in time linear to its length. `.` stands for line breaks too, as in PostgreSQL. */
export const matchesRegex = (regex: Regex, text: string): boolean => engineOf(regex).matcher(text).find();

/** What finds matches of it in folded text. */
export function engineOf({ source }: Regex): RE2JS {
  let engine = compiled.get(source);
  if (!engine) {
    engine = RE2JS.compile(source, RE2JS.DOTALL);
    compiled.set(source, engine);
  }
  return engine;
}
