import { createReadStream } from "node:fs";
import readline from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import cliProgress from "cli-progress";
import { z } from "zod";
import { nounFor } from "@/core/noun";
import { demoEntries } from "./demo/demo-entries";
import { entryOfLine } from "./demo/entry-of-line";
import { readOptions } from "./options";

const OPTIONS = {
  url: { type: "string", value: "URL", about: "of a running Cordwood (default http://127.0.0.1:3000)" },
  seconds: { type: "string", value: "N", about: "how long to send (default 60)" },
  rate: { type: "string", value: "N", about: "entries a second (default 50)" },
  file: { type: "string", value: "F", about: "send the lines of a log file instead, once" },
  service: { type: "string", value: "NAME", about: "for the lines of the file (default its name)" },
  key: {
    type: "string",
    value: "KEY",
    about: "an API key with the scope ingest, where Cordwood has accounts (default CORDWOOD_API_KEY)",
  },
} as const;

const LINES_A_REQUEST = 1_000;

const optionsSchema = z.object({
  url: z.url("--url must be a URL").default("http://127.0.0.1:3000"),
  seconds: z.coerce.number("--seconds must be a number").int().min(1).max(86_400).default(60),
  rate: z.coerce.number("--rate must be a number").int().min(1).max(10_000).default(50),
  file: z.string().optional(),
  service: z.string().min(1).max(200).optional(),
  key: z.string().min(1).optional(),
});

type Options = z.infer<typeof optionsSchema>;

/** Sends entries through the API, as any client would; waits when it is told to. @throws Error with the server's reason */
async function send({ url, key }: Options, entries: readonly unknown[]): Promise<void> {
  const authorization = key === undefined ? undefined : { authorization: `Bearer ${key}` };
  for (;;) {
    const body = JSON.stringify(entries);
    const response = await fetch(`${url}/api/logs`, {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization },
      body,
    });
    const text = await response.text();
    if (response.ok) return;
    if (response.status !== 429 && response.status !== 503)
      throw new Error(`${response.status}: ${text.slice(0, 300)}`);
    await sleep(Number(response.headers.get("retry-after") ?? 1) * 1000);
  }
}

const progressBar = (unit: string) =>
  new cliProgress.SingleBar({
    format: `{bar} {percentage}% | {sent} entries sent | {value}/{total} ${unit}`,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  });

async function sendTraffic(options: Options): Promise<number> {
  const { seconds, rate } = options;
  const bar = progressBar("s");
  let sent = 0;
  bar.start(seconds, 0, { sent });
  for (let second = 0; second < seconds; second++) {
    const until = Date.now() + 1_000;
    const entries = demoEntries(rate, second / seconds, Math.random);
    await send(options, entries);
    sent += entries.length;
    bar.update(second + 1, { sent });
    await sleep(Math.max(0, until - Date.now()));
  }
  bar.stop();
  return sent;
}

async function sendFile(options: Options, file: string): Promise<number> {
  const name = options.service ?? file.split(/[\\/]/).at(-1) ?? file;
  const bar = progressBar("requests");
  let sent = 0;
  let requests = 0;
  let entries: unknown[] = [];
  const flush = async () => {
    if (entries.length === 0) return;
    await send(options, entries);
    sent += entries.length;
    entries = [];
    bar.setTotal(++requests);
    bar.update(requests, { sent });
  };
  bar.start(1, 0, { sent });
  for await (const line of readline.createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line.trim() !== "") entries.push(entryOfLine(line, name, new Date()));
    if (entries.length >= LINES_A_REQUEST) await flush();
  }
  await flush();
  bar.stop();
  return sent;
}

try {
  const options = readOptions("npm run demo --", "Sends realistic entries to a running Cordwood.", OPTIONS);
  const parsed = optionsSchema.safeParse({ key: process.env.CORDWOOD_API_KEY, ...options });
  if (!parsed.success) throw new Error(`${parsed.error.issues[0]?.message}; --help lists what there is`);
  const sent = parsed.data.file ? await sendFile(parsed.data, parsed.data.file) : await sendTraffic(parsed.data);
  console.log(`${sent} ${nounFor(sent, "entry", "entries")} sent: look at ${parsed.data.url}`);
} catch (error) {
  const away = error instanceof TypeError && error.message === "fetch failed";
  console.error(
    away
      ? "Cordwood does not answer: start it with `npm start`, or name another one by --url."
      : error instanceof Error
        ? error.message
        : error,
  );
  // A progress bar that is not stopped would keep the process alive.
  process.exit(1);
}
