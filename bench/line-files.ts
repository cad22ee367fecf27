import { appendFileSync, writeFileSync } from "node:fs";
import { type GeneratedLine, generateLine, randomNumbers, toJson } from "./generate-lines";

/** Lines are spread over so long, and end now. */
const SPAN_MS = 50 * 60_000;
const SEED = 20_240_501;

/** A request's worth of NDJSON: about 1.3 MB, what log shippers send at most by default. */
export const LINES_PER_REQUEST = 5_000;

/** The same lines in every run but for their times, in order of time. */
export function* generateLines(count: number, endMs: number): Generator<GeneratedLine> {
  const random = randomNumbers(SEED);
  for (let index = 0; index < count; index++) {
    yield generateLine(random, new Date(endMs - SPAN_MS + Math.floor((index / count) * SPAN_MS)));
  }
}

/** Columns as `\copy` reads them in text format. */
export const COPY_COLUMNS = "timestamp, service, level, message, attributes";

const toCopyText = ({ timestamp, service, level, message, attributes }: GeneratedLine) =>
  `${[timestamp.toISOString(), service, level, message, attributes].map(escapeCopy).join("\t")}\n`;

const escapeCopy = (value: string) =>
  value.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");

export type LineFiles = { bodies: Buffer[]; jsonBytes: number };

/** Writes all lines for `\copy` to `copyFile` and gives them as NDJSON bodies of requests. */
export function makeLines(count: number, endMs: number, copyFile: string): LineFiles {
  writeFileSync(copyFile, "");
  const bodies: Buffer[] = [];
  let json: string[] = [];
  let copy: string[] = [];
  const flush = () => {
    if (json.length === 0) return;
    bodies.push(Buffer.from(json.join("")));
    appendFileSync(copyFile, copy.join(""));
    json = [];
    copy = [];
  };
  for (const line of generateLines(count, endMs)) {
    json.push(`${toJson(line)}\n`);
    copy.push(toCopyText(line));
    if (json.length === LINES_PER_REQUEST) flush();
  }
  flush();
  return { bodies, jsonBytes: bodies.reduce((sum, body) => sum + body.length, 0) };
}
