import { Fault, isFault } from "@/core/errors";
import { readLinePrefix } from "@/core/ingest/recognise/line-prefix";
import { nounFor } from "@/core/noun";
import { hasManyWords, isExplicit } from "./is-explicit";
import { lineQuery } from "./line-query";
import { checkQuery, parseQuery, tryParse } from "./parse";
import { queryFaultSchema } from "./query-problem";
import type { QueryNode } from "./query-tree";
import { inQuotes } from "./quote-value";
import { type LineEntry, readLines, type StoredForm } from "./read-lines";
import type { OtherReading, Reading } from "./reading-schemas";
import { inParentheses } from "./split-query";
import { termReadings } from "./term-readings";
import { foldEntry, toPredicate } from "./to-predicate";

/** What is searched for when somebody asks `q`. */
export type AskedQuery = {
  tree: QueryNode;
  /** `q`, or the query for which a pasted line was taken. */
  query: string;
  /** What was taken for what, where `q` can be read in several ways. */
  readings: Reading[];
};

/** A condition of a field that every entry has, as only queries have it. */
const KNOWN_FIELD = /(?:^|[\s(-])(?:message|msg|service|level|tags?|timestamp|pattern)(?::|>=|<=|>|<)[^\s)]/i;

/**
 * Reads what stands in the query bar: a query, or a line of a log that somebody pasted (docs/search.md). JSON is a line, and
 * is asked for by its members. A text of several words that names no field of an entry, is not made of conditions alone, and
 * would not find itself as a query, is looked for as it stands too; only so when it is no query. Where that leaves a doubt, it is told.
 * @throws Fault invalid with what is wrong and where, and in `data.query.instead` the query for the text as it stands
 */
export function readQuery(q: string, form: StoredForm): AskedQuery {
  checkQuery(q);
  const text = q.trim();
  if (text.startsWith("{")) {
    const entries = readLines(text, form);
    if (entries.length > 0 && entries.every(({ isJson }) => isJson)) return lineOf(q, entries);
  }
  const parsed = tryParse(q);
  const lines = hasManyWords(text) ? readLines(text, form) : [];
  const hasTime = readLinePrefix(text, form.nowMs).timestamp !== undefined;
  const isQuery = lines.length === 0 || (KNOWN_FIELD.test(text) && !hasTime);
  if (isFault(parsed)) {
    if (isQuery) throw withInstead(parsed, text);
    return lineOf(q, lines, parsed);
  }
  const plain = () => ({ tree: parsed, query: q, readings: termReadings(q) });
  if (isQuery || isExplicit(text, parsed)) return plain();
  if (lines.length > 1) return lineOf(q, lines);
  if (lines.every((line) => findsItself(parsed, line))) return plain();
  const asText = lineQuery(lines).query;
  // The text last: a / in it would else find its other one in what follows.
  const query = `${asText} OR ${inParentheses(text)}`;
  const tree = tryParse(query);
  // The two together can be more than a query may hold: nobody typed that.
  if (isFault(tree)) return plain();
  return { tree, query, readings: [whole(q, "a query, and as a whole for text", [queryOnly(text), textOnly(asText)])] };
}

const queryOnly = (text: string): OtherReading => ({ taken_as: "a query only", query: inParentheses(text) });
const textOnly = (query: string): OtherReading => ({ taken_as: "text only", query });

function lineOf(q: string, lines: readonly LineEntry[], wrong?: Fault): AskedQuery {
  const { query, lines: held } = lineQuery(lines);
  const text = q.trim();
  const isJson = lines.every((line) => line.isJson);
  const instead = wrong ? [] : [isJson ? textOnly(inQuotes(text)) : queryOnly(text)];
  const number = lines.length === 1 ? "a line" : `${lines.length} lines`;
  const taken = wrong ? "text" : isJson ? `${number} of JSON` : number;
  const part =
    held < lines.length ? `, of which the first ${held} ${nounFor(held, "line is", "lines are")} searched for` : "";
  const reason = wrong ? `, as it is no query: ${wrong.message}` : "";
  const tree = parseQuery(query);
  // Who goes on with this query must not be taken to paste another line.
  const isInDoubt = isJson && hasManyWords(query) && !KNOWN_FIELD.test(query) && !isExplicit(query, tree);
  return {
    tree,
    query: isInDoubt ? inParentheses(query) : query,
    readings: [whole(q, taken + part + reason, instead)],
  };
}

const whole = (q: string, taken_as: string, instead: OtherReading[]): Reading => ({
  position: 0,
  length: q.length,
  text: q,
  taken_as,
  attribute: null,
  instead,
});

/** The same with a query for the text as it stands. */
function withInstead({ message, data }: Fault, text: string): Fault {
  const problem = queryFaultSchema.safeParse(data);
  if (!problem.success) return new Fault("invalid", message, data);
  const instead: OtherReading = { taken_as: "text", query: inQuotes(text) };
  return new Fault("invalid", message, { query: { ...problem.data.query, instead } });
}

function hasRegex(node: QueryNode): boolean {
  if (node.kind === "match") return node.test.op === "regex";
  return node.kind === "not" ? hasRegex(node.child) : node.children.some(hasRegex);
}

/** Of a line that a regular expression is tried on: it takes milliseconds a character in the worst case, and everybody waits. */
const MOST_TRIED = 500;

/** Whether the line is among what the query selects; not where that takes long to tell. */
function findsItself(tree: QueryNode, { message }: LineEntry): boolean {
  if (message.length > MOST_TRIED && hasRegex(tree)) return false;
  const entry = { micros: "0", service: "", level: "info", message, pattern: null, tags: null } as const;
  return toPredicate(tree)(foldEntry({ ...entry, attributes: null }));
}
