import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { reasonOf } from "@/core/errors";
import type { IngestAnswer } from "@/core/ingest/idempotency";
import { LIMITS } from "@/core/limits";
import { fromCaller } from "./from-caller";
import { readArguments } from "./options";
import { Deliverer, NotSent, Stopped } from "./send/deliver";
import { Logs } from "./send/logs";
import { Progress } from "./send/progress";
import { sendStream } from "./send/send-stream";

const OPTIONS = {
  url: {
    type: "string",
    value: "URL",
    about: "of a running Cordwood (default CORDWOOD_URL, else http://127.0.0.1:3000)",
  },
  key: {
    type: "string",
    value: "KEY",
    about: "an API key with the scope ingest, where Cordwood has accounts (default CORDWOOD_API_KEY)",
  },
  service: {
    type: "string",
    value: "NAME",
    about: "for lines that name none (default the file's name without its ending)",
  },
  level: { type: "string", value: "LEVEL", about: "for lines that name none (default info)" },
  tags: { type: "string", value: "A,B", about: "added to each entry" },
  old: { type: "string", value: "now", about: "give lines that are older than entries are kept the present time" },
  follow: { type: "boolean", about: "go on with what is written to the files, also when they are rotated" },
  again: { type: "boolean", about: "begin at the beginning, whatever was sent before" },
  places: {
    type: "string",
    value: "FOLDER",
    about: "where it is kept how far each file was sent (default .cordwood/send)",
  },
} as const;

const OPERAND = {
  name: "FILE",
  about: "log files, also with .gz, and folders of them; - or nothing: standard input",
};

const optionsSchema = z.object({
  url: z.url({ protocol: /^https?$/, error: "--url must be an http or https URL" }),
  key: z.string().min(1, "--key must not be empty").optional(),
  service: z
    .string()
    .min(1, "--service must not be empty")
    .max(LIMITS.serviceCharacters, `--service must have at most ${LIMITS.serviceCharacters} characters`)
    .optional(),
  level: z.string().optional(),
  tags: z.string().optional(),
  old: z.literal("now", "--old must be now").optional(),
  follow: z.boolean().default(false),
  again: z.boolean().default(false),
  places: z.string().min(1, "--places must not be empty"),
});

const STANDARD_INPUT = "-";
/** How often it is looked whether something was written, and whether a folder has another log. */
const LOOK_MS = 500;
const LOOK_FOR_LOGS_MS = 5_000;
/** As shells have it for a program that was interrupted. */
const INTERRUPTED = 130;

const progress = new Progress();
const stopping = new AbortController();

async function sendLogs(logs: Logs, follow: boolean): Promise<void> {
  await logs.find();
  const rest = await logs.rest();
  if (rest === 0 && logs.haveBegun && !follow)
    progress.say("Nothing new since the last time; --again sends it all once more.");
  progress.begin(follow ? null : rest);
  let foundMs = performance.now();
  for (let isMore = true; isMore || follow; ) {
    isMore = await logs.step();
    if (stopping.signal.aborted) throw new Stopped();
    if (isMore) continue;
    if (!follow) return;
    await sleep(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (performance.now() - foundMs < LOOK_FOR_LOGS_MS) continue;
    foundMs = performance.now();
    await logs.find();
  }
}

/** A relative folder is the caller's; formerly it was one of the project's folder, and who has that one would send everything once more. */
function placesOf(named: string): string {
  const [own, former] = [fromCaller(named), path.resolve(named)];
  return !existsSync(own) && existsSync(former) ? former : own;
}

async function send(): Promise<string> {
  const { options, operands } = readArguments(
    "npm run send --",
    "Sends log files to a running Cordwood; a run that was stopped goes on where it was.",
    OPTIONS,
    OPERAND,
  );
  const { CORDWOOD_API_KEY, CORDWOOD_URL, CORDWOOD_DATA_DIR } = process.env;
  const parsed = optionsSchema.safeParse({
    url: CORDWOOD_URL || "http://127.0.0.1:3000",
    key: CORDWOOD_API_KEY || undefined,
    places: path.join(CORDWOOD_DATA_DIR || ".cordwood", "send"),
    ...options,
    ...(options.places && { places: placesOf(options.places) }),
  });
  if (!parsed.success) throw new NotSent(`${parsed.error.issues[0]?.message}; --help lists what there is`);
  const { url, key, level, tags, old, follow, ...rest } = parsed.data;
  const { signal } = stopping;
  const say = (what: string) => progress.say(what);
  const deliverer = new Deliverer({ url, key, parameters: { level, tags, old }, isPatient: follow, say, signal });
  if (operands.length === 0 || operands.includes(STANDARD_INPUT)) {
    if (operands.length > 1) throw new NotSent("standard input can't be sent together with files");
    const stored = (answer: IngestAnswer, bytes: number) => progress.stored("standard input", answer, bytes);
    const deliver = (batch: Buffer, idempotencyKey: string) => deliverer.deliver(batch, idempotencyKey, rest.service);
    await sendStream(process.stdin, { deliver, stored, say }, signal);
    return progress.summary(1, url);
  }
  const files = operands.map(fromCaller);
  const logs = new Logs({ ...rest, url, follow, operands: files }, deliverer, progress);
  await sendLogs(logs, follow);
  return progress.summary(logs.count, url);
}

for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());

try {
  const summary = await send();
  progress.end();
  console.log(summary);
  if (progress.rejected > 0) process.exitCode = 1;
} catch (error) {
  progress.end();
  if (error instanceof Stopped) console.error("Stopped. The same command goes on where it was.");
  else console.error(reasonOf(error));
  process.exitCode = error instanceof Stopped ? INTERRUPTED : 1;
}
// Standard input, or a connection that is kept open, would keep the process alive.
process.exit();
