import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { readOptions } from "@/bin/options";
import { findAliases, type PatternShape } from "@/core/patterns/find-aliases";
import { fingerprintMessage, shapeOf } from "@/core/patterns/fingerprint-message";
import { patternSample } from "@/core/patterns/scan-sample";
import { generateLines } from "./lines";
import { median } from "./statistics";

readOptions("npm run bench:patterns --", "How fast and how well messages are put into patterns.", {});

/** Labelled lines, which are not part of this project; without them only the speed is measured. */
const LABELLED = path.resolve("../shared/loghub");
const ROUNDS = 9;
const ROUND_MS = 500;
const HOSTILE_BYTES = 65_536;

const encoder = new TextEncoder();
const sampleOf = (message: string) => patternSample(encoder.encode(message));

/** Lines a second on this one core, of a set that is gone through again and again. */
function speedOf(messages: readonly Uint8Array[]): number {
  const speeds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    let lines = 0;
    while (performance.now() - started < ROUND_MS) {
      for (const message of messages) fingerprintMessage(patternSample(message));
      lines += messages.length;
    }
    speeds.push((lines / (performance.now() - started)) * 1_000);
  }
  return median(speeds);
}

/** As pages show them: patterns with their aliases. */
function group(messages: readonly string[]): string[] {
  const shapes = new Map<bigint, PatternShape>();
  const ids = messages.map((message) => {
    const sample = sampleOf(message);
    const id = fingerprintMessage(sample);
    if (!shapes.has(id)) {
      const shape = shapeOf(sample);
      if (shape) shapes.set(id, shape);
    }
    return id;
  });
  const { aliases } = findAliases([...shapes.values()]);
  return ids.map((id) => String(aliases.get(id) ?? id));
}

/** Grouping by the whole text, for comparison. */
const groupByText = (messages: readonly string[]) => messages.slice();

const isFunction = (value: unknown) => typeof value === "function";
const evaluatorSchema = z.object({
  loadDataset: z.custom<(file: string) => unknown>(isFunction),
  score: z.custom<(truth: readonly string[], grouped: readonly string[]) => unknown>(isFunction),
});
const setSchema = z.object({ name: z.string(), messages: z.array(z.string()), truth: z.array(z.string()) });
const scoreSchema = z.object({ GA: z.number(), FGA: z.number() });

async function quality(): Promise<void> {
  const module: unknown = await import(pathToFileURL(path.join(LABELLED, "evaluate.mjs")).href);
  const { loadDataset, score } = evaluatorSchema.parse(module);
  const files = readdirSync(LABELLED).filter((name) => name.endsWith(".csv"));
  const sets = files.map((name) => setSchema.parse(loadDataset(path.join(LABELLED, name))));
  for (const [how, grouping] of [
    ["by the whole text", groupByText],
    ["by pattern", group],
  ] as const) {
    const scores = sets.map(({ name, messages, truth }) => ({
      name,
      ...scoreSchema.parse(score(truth, grouping(messages))),
    }));
    const mean = (member: "GA" | "FGA") => scores.reduce((sum, one) => sum + one[member], 0) / scores.length;
    console.log(`\nGrouped ${how}: mean GA ${mean("GA").toFixed(4)}, mean FGA ${mean("FGA").toFixed(4)}`);
    for (const { name, GA, FGA } of scores)
      console.log(`  ${name.padEnd(12)} GA ${GA.toFixed(4)}  FGA ${FGA.toFixed(4)}`);
  }
}

const lines = [...generateLines(20_000, Date.now() - 60_000, Date.now())].map(({ message }) => encoder.encode(message));
const bytes = lines.reduce((sum, { length }) => sum + length, 0) / lines.length;
console.log(
  `Messages of ${bytes.toFixed(0)} bytes: ${Math.round(speedOf(lines)).toLocaleString("en")} lines/s on one core`,
);
const hostile = ["a=[", "(", "'x ", '"a ', ":", "ab:", "\u001b[", "9 x ", "http://", "user ", "\n at ", '{"message":"'];
const slowest = hostile.map((part) => {
  const message = encoder.encode(part.repeat(Math.ceil(HOSTILE_BYTES / part.length)));
  fingerprintMessage(patternSample(message));
  const started = performance.now();
  fingerprintMessage(patternSample(message));
  return { part, ms: performance.now() - started };
});
const worst = slowest.reduce((one, other) => (other.ms > one.ms ? other : one));
console.log(
  `Slowest of ${hostile.length} hostile messages of 64 KB: ${worst.ms.toFixed(3)} ms (of ${JSON.stringify(worst.part)})`,
);
if (existsSync(LABELLED)) await quality();
else console.log("No labelled lines here: the quality is not measured.");
