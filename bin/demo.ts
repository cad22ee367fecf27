import { setTimeout as sleep } from "node:timers/promises";
import cliProgress from "cli-progress";
import { z } from "zod";
import { nounFor } from "@/core/noun";
import { demoEntries } from "./demo/demo-entries";
import { readOptions } from "./options";

const OPTIONS = {
  url: { type: "string", value: "URL", about: "of a running Cordwood (default http://127.0.0.1:3000)" },
  seconds: { type: "string", value: "N", about: "how long to send (default 60)" },
  rate: { type: "string", value: "N", about: "entries a second (default 50)" },
  key: {
    type: "string",
    value: "KEY",
    about: "an API key with the scope ingest, where Cordwood has accounts (default CORDWOOD_API_KEY)",
  },
} as const;

const optionsSchema = z.object({
  url: z.url("--url must be a URL").default("http://127.0.0.1:3000"),
  seconds: z.coerce.number("--seconds must be a number").int().min(1).max(86_400).default(60),
  rate: z.coerce.number("--rate must be a number").int().min(1).max(10_000).default(50),
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

async function sendTraffic(options: Options): Promise<number> {
  const { seconds, rate } = options;
  const bar = new cliProgress.SingleBar({
    format: "{bar} {percentage}% | {sent} entries sent | {value}/{total} s",
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  });
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

try {
  const options = readOptions("npm run demo --", "Sends realistic entries to a running Cordwood.", OPTIONS);
  const parsed = optionsSchema.safeParse({ key: process.env.CORDWOOD_API_KEY, ...options });
  if (!parsed.success) throw new Error(`${parsed.error.issues[0]?.message}; --help lists what there is`);
  const sent = await sendTraffic(parsed.data);
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
