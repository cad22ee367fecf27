import { fieldOf } from "@/core/search/query/field-names";
import { queryError } from "@/core/search/query/query-error";
import type { Field } from "@/core/search/query/query-tree";
import type { PipeReader } from "./pipe-reader";
import type { Call } from "./pipe-tree";

const FIELD_CALLS = ["count_distinct", "sum", "avg", "min", "max", "first", "last"] as const;
const CALLS = "count, count_distinct, sum, avg, min, max, median, p50 to p99.9, quantile, first, last and rate";

/** @returns the call, and how it is written in its shortest form, by which a column without a name goes */
export function readCall(reader: PipeReader): { call: Call; name: string } {
  const start = reader.at;
  const written = reader.name(`a function: ${CALLS}`);
  const kind = written.toLowerCase();
  if (!reader.take("(")) throw queryError(`( is missing after ${written}`, start, written.length);
  const call = readArguments(reader, kind);
  if (!call) throw queryError(`${written} is no function: they are ${CALLS}`, start, written.length);
  return call;
}

function readArguments(reader: PipeReader, kind: string): { call: Call; name: string } | null {
  if (kind === "count" || kind === "rate") {
    if (reader.take("*") || reader.text[reader.at] === ")") {
      reader.expect(")");
      return { call: { kind, field: null }, name: `${kind}()` };
    }
    const { field, name } = readField(reader);
    return { call: { kind, field }, name: `${kind}(${name})` };
  }
  const plain = FIELD_CALLS.find((one) => one === kind);
  if (plain) {
    const { field, name } = readField(reader);
    return { call: { kind: plain, field }, name: `${kind}(${name})` };
  }
  if (kind === "quantile") {
    const at = reader.at;
    const share = reader.number() ?? Number.NaN;
    if (!(share >= 0 && share <= 1)) throw queryError("quantile needs a share from 0 to 1, such as 0.95", at);
    reader.expect(",");
    const { field, name } = readField(reader);
    return { call: { kind: "quantile", share, field }, name: `quantile(${share}, ${name})` };
  }
  const percent = kind === "median" ? 50 : /^p\d{1,2}(?:\.\d{1,3})?$/.test(kind) ? Number(kind.slice(1)) : null;
  if (percent === null) return null;
  const { field, name } = readField(reader);
  // Not divided: 99.9 / 100 is more than 0.999.
  return { call: { kind: "quantile", share: Number(`${percent}e-2`), field }, name: `${kind}(${name})` };
}

function readField(reader: PipeReader): { field: Field; name: string } {
  const name = reader.name("a field");
  reader.expect(")");
  return { field: fieldOf(name), name };
}
