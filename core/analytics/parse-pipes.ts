import { SECOND_MS } from "@/core/clock";
import { isFault } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { fieldOf } from "@/core/search/query/field-names";
import { checkQuery, parseQuery } from "@/core/search/query/parse";
import { queryError } from "@/core/search/query/query-error";
import { queryFaultSchema } from "@/core/search/query/query-problem";
import type { QueryNode } from "@/core/search/query/query-tree";
import { readLength } from "@/core/search/read-length";
import { readCall } from "./parse-call";
import { parseCondition, parseExpression } from "./parse-expression";
import { PipeReader } from "./pipe-reader";
import type { Key, Measure, Pipeline, Stats, TablePipe } from "./pipe-tree";
import { readColumn } from "./read-column";

const TABLE_PIPES = ["where", "math", "sort", "limit", "fields"] as const;

/**
 * Reads what comes after a query's first pipe (docs/statistics.md).
 * @param text the whole query
 * @param from where the first pipe is
 * @throws Fault invalid with what is wrong and where
 */
export function parsePipes(text: string, from: number): Pipeline {
  checkQuery(text);
  const reader = new PipeReader(text, from);
  reader.expect("|");
  const pipeline = readFirst(reader);
  const after: TablePipe[] = [...pipeline.after];
  const columns = new Set([...pipeline.stats.by, ...pipeline.stats.measures].map(({ name }) => name));
  while (!reader.isAtEnd) {
    reader.expect("|");
    if (after.length >= LIMITS.pipes) reader.fail(`there are more than ${LIMITS.pipes} pipes`);
    after.push(readTablePipe(reader, columns));
  }
  return { stats: pipeline.stats, after };
}

function readFirst(reader: PipeReader): Pipeline {
  if (reader.takeWord("stats")) return { stats: readStats(reader, []), after: [] };
  if (reader.takeWord("timeseries")) return { stats: readStats(reader, [timeKey(null)]), after: [] };
  if (reader.takeWord("top")) return readTop(reader);
  throw reader.missing("stats, top or timeseries");
}

const timeKey = (stepMs: number | null): Key => ({ name: "time", of: { kind: "time", stepMs } });

/** `top 10 by (service)`: the groups with the most entries. */
function readTop(reader: PipeReader): Pipeline {
  const count = readCount(reader);
  const start = reader.at;
  if (!reader.takeWord("by")) throw reader.missing("by");
  const by = readKeys(reader);
  const measure: Measure = { name: "count", call: { kind: "count", field: null }, condition: null };
  checkColumns(start, [...by, measure]);
  return {
    stats: { measures: [measure], by },
    after: [
      { kind: "sort", by: [{ column: "count", isDescending: true }] },
      { kind: "limit", count },
    ],
  };
}

function readStats(reader: PipeReader, first: readonly Key[]): Stats {
  const start = reader.at;
  const measures: Measure[] = [];
  const isBy = () => /^by\s*\(/i.test(reader.text.slice(reader.at, reader.at + LIMITS.queryBytes));
  if (first.length > 0 && (isBy() || reader.isAtEnd || reader.text[reader.at] === "|")) {
    measures.push({ name: "count()", call: { kind: "count", field: null }, condition: null });
  } else {
    do measures.push(readMeasure(reader));
    while (reader.take(","));
  }
  const by = [...first, ...(reader.takeWord("by") ? readKeys(reader) : [])];
  checkColumns(start, [...by, ...measures]);
  return { measures, by };
}

function checkNumber(position: number, columns: readonly unknown[]): void {
  if (columns.length <= LIMITS.statsColumns) return;
  throw queryError(`there are more than ${LIMITS.statsColumns} columns`, position);
}

function checkColumns(position: number, columns: readonly { name: string }[]): void {
  checkNumber(position, columns);
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw queryError(`two columns are called ${name}: name one of them by as`, position);
    seen.add(name);
  }
}

function readMeasure(reader: PipeReader): Measure {
  const { call, name: written } = readCall(reader);
  const from = reader.at;
  let only: Pick<Measure, "condition" | "conditionText"> = { condition: null };
  let name = written;
  if (reader.takeWord("if")) {
    reader.expect("(");
    const inner = reader.query();
    const conditionText = inner.text.trim();
    only = { condition: parseInner(inner.text, inner.from), conditionText };
    name += ` if (${conditionText})`;
    if (conditionText === "") throw queryError("a query is missing between ( and )", from, reader.at - from);
  }
  return { name: reader.takeWord("as") ? reader.name("a name") : name, call, ...only };
}

/** Places within the part are told as those of the whole. */
function parseInner(text: string, from: number): QueryNode {
  try {
    return parseQuery(text);
  } catch (error) {
    const fault = isFault(error) ? queryFaultSchema.safeParse(error.data) : null;
    if (!fault?.success) throw error;
    const { problem, position, length } = fault.data.query;
    throw queryError(problem, from + position, length);
  }
}

function readKeys(reader: PipeReader): Key[] {
  const keys: Key[] = [];
  reader.expect("(");
  do keys.push(readKey(reader));
  while (reader.take(","));
  reader.expect(")");
  return keys;
}

function readKey(reader: PipeReader): Key {
  const start = reader.at;
  const name = reader.name("a field");
  const kind = name.toLowerCase();
  if (kind === "hour" || kind === "weekday") return { name: kind, of: { kind } };
  if (kind !== "time") return { name, of: { kind: "field", field: fieldOf(name) } };
  if (!reader.take("(")) return timeKey(null);
  const step = readLength(reader.name("a length of time"));
  if (!step || step.ms % SECOND_MS !== 0) throw queryError("time needs a length such as 30s, 5m, 1h or 1d", start, 4);
  reader.expect(")");
  return timeKey(step.ms);
}

function readTablePipe(reader: PipeReader, columns: Set<string>): TablePipe {
  const kind = TABLE_PIPES.find((word) => reader.takeWord(word));
  switch (kind) {
    case "where":
      return { kind, condition: parseCondition(reader, columns) };
    case "math": {
      const start = reader.at;
      const expression = parseExpression(reader, columns);
      const name = reader.takeWord("as") ? reader.name("a name") : reader.text.slice(start, reader.at).trim();
      if (columns.has(name)) throw queryError(`there is a column ${name} already`, start, reader.at - start);
      columns.add(name);
      return { kind, expression, name };
    }
    case "sort": {
      reader.takeWord("by");
      const named = new Set<string>();
      const by = readList(reader, () => {
        const column = readOther(reader, columns, named);
        const isDescending = reader.takeWord("desc");
        if (!isDescending) reader.takeWord("asc");
        return { column, isDescending };
      });
      return { kind, by };
    }
    case "limit":
      return { kind, count: readCount(reader) };
    case "fields": {
      const start = reader.at;
      const named = new Set<string>();
      const chosen = readList(reader, () => readOther(reader, columns, named));
      checkNumber(start, chosen);
      columns.clear();
      for (const name of chosen) columns.add(name);
      return { kind, columns: chosen };
    }
    case undefined:
      throw reader.missing(TABLE_PIPES.join(", "));
  }
}

/** A column that is none of those that were named before it. */
function readOther(reader: PipeReader, columns: ReadonlySet<string>, named: Set<string>): string {
  const start = reader.at;
  const name = readColumn(reader, columns);
  if (named.has(name)) throw queryError(`${name} is named twice`, start, reader.at - start);
  named.add(name);
  return name;
}

function readList<Item>(reader: PipeReader, read: () => Item): Item[] {
  const items: Item[] = [];
  do items.push(read());
  while (reader.take(","));
  return items;
}

function readCount(reader: PipeReader): number {
  const start = reader.at;
  const count = reader.number() ?? Number.NaN;
  if (Number.isInteger(count) && count >= 1 && count <= LIMITS.statsGroups) return count;
  throw queryError(`a number from 1 to ${LIMITS.statsGroups} is missing`, Math.min(start, reader.text.length - 1));
}
