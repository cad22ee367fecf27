import { readOptions } from "@/bin/options";
import type { EntrySink, ProtocolDecoder } from "@/core/ingest/decode/decoder";
import { EntryReader } from "@/core/ingest/decode/entry-reader";
import { NdjsonDecoder } from "@/core/ingest/decode/ndjson";
import { normalise } from "@/core/ingest/normalise";
import { readEntry } from "@/core/ingest/read-entry";
import { RowBlock } from "@/core/ingest/row-block";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { generateLines, inRequests, toBody } from "./lines";
import { wiresOf } from "./protocols/wires";
import { median } from "./statistics";

/** Measures on one core what it takes to make rows of bodies: each protocol in turn with NDJSON, without a server or a database. */
const values = readOptions("npm run bench:decode --", "How fast bodies become rows, beside NDJSON.", {
  protocol: { type: "string", default: "all", value: "NAME", about: "loki, otlp, ... or all" },
  lines: { type: "string", default: "100000", value: "N", about: "lines of each measurement" },
  rounds: { type: "string", default: "7", value: "N", about: "rounds of all measurements" },
});
const lines = Number(values.lines);
const rounds = Number(values.rounds);

const OPTIONS = { nowMs: Date.now(), retention: new RetentionPlan(30), masker: null, parameters: {} };

/** @returns how many lines became rows; @throws Error when one is rejected */
function decode(format: ProtocolDecoder, bodies: readonly Buffer[]): number {
  let rows = 0;
  for (const body of bodies) {
    const reader = new EntryReader();
    const block = new RowBlock(body.length);
    const sink: EntrySink = {
      entry(source, from, end, places) {
        const reason =
          readEntry(reader, source, from, end, OPTIONS.parameters, places) ??
          normalise(reader, block, block.rows, OPTIONS);
        if (reason !== null) throw new Error(reason);
      },
      rejected(reason) {
        throw new Error(reason);
      },
    };
    const decoder = format(sink);
    decoder.push(body);
    decoder.finish();
    rows += block.rows;
  }
  return rows;
}

const SPAN_MS = 50 * 60_000;
const groups = [...inRequests(generateLines(lines, Date.now() - SPAN_MS, Date.now()))];
const measured = [
  {
    name: "NDJSON",
    bodies: groups.map(toBody),
    decoder: (sink: EntrySink) => new NdjsonDecoder(sink),
    /** Of the processor, microseconds: what else the machine does counts less. */
    times: [] as number[],
  },
  ...wiresOf(values.protocol).map(({ protocol, form, decoder, body }) => ({
    name: `${protocol} (${form})`,
    bodies: groups.map(body),
    decoder,
    times: [] as number[],
  })),
];
for (let round = 0; round <= rounds; round++) {
  for (const { name, bodies, decoder, times } of measured) {
    const before = process.cpuUsage();
    const rows = decode(decoder, bodies);
    const { user, system } = process.cpuUsage(before);
    if (rows !== lines) throw new Error(`${name}: of ${lines} lines ${rows} became rows`);
    // The first round warms up.
    if (round > 0) times.push(user + system);
  }
}
const [reference] = measured;
for (const { name, times, bodies } of measured) {
  const bytes = bodies.reduce((sum, { length }) => sum + length, 0);
  const ratio = median(reference?.times ?? []) / median(times);
  const perLine = (median(times) / lines) * 1e3;
  console.log(
    `${name.padEnd(28)} ${perLine.toFixed(0).padStart(6)} ns/line, ${(bytes / lines).toFixed(0).padStart(4)} bytes/line, ${ratio.toFixed(2)} of NDJSON`,
  );
}
