import { type SQL, sql } from "drizzle-orm";
import { escapeLike } from "@/core/escape-like";
import type { Match, Pattern } from "./query-tree";

/** Lower case in PostgreSQL, as fold makes it. */
export const foldedSql = (text: SQL): SQL => sql`lower(${text} collate "pg_c_utf8")`;

/** @returns a LIKE pattern, with a backslash as its escape, in which only the wildcards of `pattern` are wildcards */
export const likeOf = (pattern: Pattern): string => pattern.map(escapeLike).join("%");

/**
 * What must stand in the JSON text of the attributes of an entry that matches, folded, unless something in there is written with
 * escapes (a backslash and a u): only words that JSON writes in no other way.
 * @param path of the attribute
 */
export function wordsInJson(path: readonly string[], test: Match["test"]): string[] {
  const literals = test.op === "equals" ? test.pattern : [];
  return [path.at(-1) ?? "", ...literals].filter((word) => /^[a-z0-9_-]+$/.test(word));
}
