import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { MESSAGE_ANSI } from "@/core/message-ansi";
import { flattenAttributes } from "@/core/search/flatten-attributes";
import { knownField } from "./field-names";
import { conditionOf, inQuotes } from "./quote-value";
import type { LineEntry } from "./read-lines";

/** What of a line is asked for; the rest of a long one would only make the search slow. */
const MOST_ATTRIBUTES = 30;
const MOST_VALUE_CHARACTERS = 300;
const MOST_MESSAGE_CHARACTERS = 2_000;
/** Parentheses come around it. */
const MOST_BYTES = LIMITS.queryBytes - 2;
/** Cordwood's notes on how a line came in, which depend on when and how it was sent. */
const NOTES: readonly string[] = [MESSAGE_ANSI, "timestamp_original"];

/** @property lines of how many entries it is: the first ones, as many as a query may hold */
type LineQuery = { query: string; lines: number };

/**
 * The query that finds what lines became when they were stored: by their text, and of JSON by message, level, service, tags
 * and attributes. Not by their time, which a sender may have set anew.
 */
export function lineQuery(entries: readonly LineEntry[]): LineQuery {
  const [first = { query: "", terms: 0 }, ...others] = entries.map(entryQuery);
  let { query, terms } = first;
  let lines = 1;
  if (others.length > 0) query = `(${query})`;
  for (const other of others) {
    const longer = `${query} OR (${other.query})`;
    terms += other.terms;
    if (terms > LIMITS.queryTerms || Buffer.byteLength(longer) > MOST_BYTES) break;
    query = longer;
    lines++;
  }
  return { query, lines };
}

type EntryQuery = { query: string; terms: number };

function entryQuery({ message, isJson, level, service, tags, attributes }: LineEntry): EntryQuery {
  const text = inQuotes(message.slice(0, MOST_MESSAGE_CHARACTERS).replace(/[\ud800-\udbff]$/, ""));
  if (!isJson) return { query: text, terms: 1 };
  const conditions = new Set<string>();
  // A line of JSON without a message is its message, with all its white space; its members say more.
  if (message !== "" && !message.startsWith("{")) conditions.add(text);
  if (level !== null) conditions.add(conditionOf("level", LEVELS[level] ?? ""));
  if (service !== null) conditions.add(conditionOf("service", service));
  for (const tag of tags) conditions.add(conditionOf("tag", tag));
  const most = conditions.size + MOST_ATTRIBUTES;
  for (const [path, value] of flattenAttributes(attributes)) {
    if (conditions.size >= most) break;
    const canBeAsked = path !== "" && knownField(path) === null && !NOTES.includes(path);
    if (canBeAsked && value.length <= MOST_VALUE_CHARACTERS) conditions.add(conditionOf(path, value));
  }
  return fitting(conditions, text);
}

/** As many as a query may be long. */
function fitting(conditions: ReadonlySet<string>, text: string): EntryQuery {
  let query = "";
  let terms = 0;
  for (const condition of conditions) {
    const longer = query === "" ? condition : `${query} ${condition}`;
    if (Buffer.byteLength(longer) > LIMITS.queryBytes / 2) continue;
    query = longer;
    terms++;
  }
  return terms === 0 ? { query: text, terms: 1 } : { query, terms };
}
