import { findPipe } from "@/core/analytics/find-pipe";
import { parsePipes } from "@/core/analytics/parse-pipes";
import type { Call, Measure, Pipeline } from "@/core/analytics/pipe-tree";
import { writtenName } from "@/core/analytics/written-name";
import { isFault } from "@/core/errors";
import { fieldOf } from "@/core/search/query/field-names";
import type { Field } from "@/core/search/query/query-tree";

/** A measure as the form has it. */
export type BuiltMeasure = {
  /** As the language writes it: count, p95, ... */
  call: string;
  /** Null where it is of entries. */
  field: string | null;
  /** What its column is called, where somebody named it. */
  name: string | null;
};

/** What comes after a pipe, as far as the form has it. */
export type Built = {
  measures: BuiltMeasure[];
  by: string[];
  /** Null: of the whole time; auto: steps that suit it; else a length such as 5m. */
  over: string | null;
  /** Of rows; null for all. */
  limit: number | null;
};

export const AUTO_STEPS = "auto";

/** Whether a call is of a field's values; those that may be of entries are when no field is named. */
export const needsField = (call: string): boolean => call !== "count" && call !== "rate";

/** @returns null while a measure has no field that it needs */
export function writePipes({ measures, by, over, limit }: Built): string | null {
  if (measures.length === 0 || measures.some(({ call, field }) => needsField(call) && !field)) return null;
  const calls = [...new Set(measures.map(writeMeasure))].join(", ");
  const keys = [...new Set(by)].map(writtenName);
  if (over !== null && over !== AUTO_STEPS) keys.unshift(`time(${over})`);
  const groups = keys.length > 0 ? ` by (${keys.join(", ")})` : "";
  // A limit would cut a course in the middle of its time.
  const rows = limit !== null && over === null && by.length > 0 ? ` | limit ${limit}` : "";
  return `| ${over === AUTO_STEPS ? "timeseries" : "stats"} ${calls}${groups}${rows}`;
}

function writeMeasure({ call, field, name }: BuiltMeasure): string {
  const text = `${call}(${field ? writtenName(field) : ""})`;
  return name === null ? text : `${text} as ${writtenName(name)}`;
}

/**
 * Reads what comes after a pipe into the form.
 * @returns null for what the form does not have, and for what is no query
 */
export function readPipes(pipes: string): Built | null {
  const pipeline = parsed(pipes);
  if (!pipeline) return null;
  const { measures, by } = pipeline.stats;
  const built = measures.map(readMeasure);
  const times = by.flatMap(({ of }) => (of.kind === "time" ? [of] : []));
  const [time] = times;
  const limit = readLimit(pipeline);
  if (built.some((measure) => measure === null) || times.length > 1 || limit === undefined) return null;
  if (time && limit !== null) return null;
  const over = time ? (time.stepMs === null ? AUTO_STEPS : lengthOf(time.stepMs)) : null;
  return {
    measures: built.flatMap((measure) => measure ?? []),
    by: by.filter(({ of }) => of.kind !== "time").map(({ name }) => name),
    over,
    limit,
  };
}

function parsed(pipes: string): Pipeline | null {
  try {
    const at = findPipe(pipes);
    return at === null ? null : parsePipes(pipes, at);
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}

/** Undefined for what is more than the first rows of the usual order. */
function readLimit({ stats, after }: Pipeline): number | null | undefined {
  const [first, second] = after;
  if (!first) return null;
  const sort = first.kind === "sort" ? first : null;
  const limit = sort ? second : first;
  if (limit?.kind !== "limit" || after.length > (sort ? 2 : 1)) return undefined;
  const isUsual =
    !sort || (sort.by.length === 1 && sort.by[0]?.isDescending && sort.by[0].column === stats.measures[0]?.name);
  return isUsual ? limit.count : undefined;
}

function readMeasure({ call, condition, name }: Measure): BuiltMeasure | null {
  if (condition !== null) return null;
  const kind = callName(call);
  if (kind === null) return null;
  const field = call.field && (fieldIn(name, kind, call.field) ?? nameOf(call.field));
  const isUsual = name === `${kind}(${field ?? ""})`;
  return { call: kind, field, name: isUsual ? null : name };
}

function callName(call: Call): string | null {
  if (call.kind !== "quantile") return call.kind;
  const percent = Number((call.share * 100).toPrecision(6));
  if (percent === 50) return "median";
  return /^\d{1,2}(?:\.\d{1,3})?$/.test(String(percent)) ? `p${percent}` : null;
}

/** The field as it was written, in its own case of letters; null where the column has a name of its own. */
function fieldIn(name: string, kind: string, field: Field): string | null {
  const inner = /^[\w.]+\((.*)\)$/s.exec(name)?.[1];
  const isOf = name.toLowerCase().startsWith(`${kind}(`) || (kind === "median" && /^p50\(/i.test(name));
  return inner !== undefined && isOf && JSON.stringify(fieldOf(inner)) === JSON.stringify(field) ? inner : null;
}

const nameOf = (field: Field) => (field.name === "attribute" ? field.path.join(".") : field.name);

const LENGTHS: readonly [string, number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
];

/** In its widest unit: 90 minutes are 90m. */
function lengthOf(ms: number): string {
  const [unit, width] = LENGTHS.find(([, width]) => ms % width === 0) ?? ["s", 1_000];
  return `${ms / width}${unit}`;
}
