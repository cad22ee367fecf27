import { type GeneratedLine, generateLine, randomNumbers, toJson } from "./generate-lines";

const SEED = 20_240_501;

/** A request's worth of NDJSON: about 1.3 MB, what log shippers send at most by default. */
export const LINES_PER_REQUEST = 5_000;

/** `count` lines spread evenly over the time from `startMs` to `endMs`, in order; the same in every run but for their times. */
export function* generateLines(count: number, startMs: number, endMs: number): Generator<GeneratedLine> {
  const random = randomNumbers(SEED);
  for (let index = 0; index < count; index++) {
    yield generateLine(random, new Date(startMs + Math.floor((index / count) * (endMs - startMs))));
  }
}

/** Columns as `\copy` reads them in text format. */
export const COPY_COLUMNS = "timestamp, service, level, message, attributes";

const toCopyText = ({ timestamp, service, level, message, attributes }: GeneratedLine) =>
  `${[timestamp.toISOString(), service, level, message, attributes].map(escapeCopy).join("\t")}\n`;

const escapeCopy = (value: string) =>
  value.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");

/** Lines in groups of a request. */
export function* inRequests(lines: Iterable<GeneratedLine>): Generator<GeneratedLine[]> {
  let group: GeneratedLine[] = [];
  for (const line of lines) {
    group.push(line);
    if (group.length === LINES_PER_REQUEST) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

/** The lines of a request as NDJSON. */
export const toBody = (lines: readonly GeneratedLine[]) =>
  Buffer.from(lines.map((line) => `${toJson(line)}\n`).join(""));

/** The same lines for `\copy`. */
export const toCopyRows = (lines: readonly GeneratedLine[]) => lines.map(toCopyText).join("");
