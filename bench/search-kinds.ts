import { z } from "zod";
import { addMs, DAY_MS } from "@/core/clock";
import { quantile, timed } from "./statistics";

/** A line that stands once, some hours ago. */
export const NEEDLE = "needle-7f3a91";
export type Kind = {
  name: string;
  q: string;
  /** The same in LogsQL, in the words of these lines. */
  logsQl: string;
  /** Of the last so many days. */
  days: number;
};

export type Took = { median: number; p99: number; found: number };

/** What is searched for, in lines of the last `days` days. */
export const kindsOf = (days: number): Kind[] => [
  { name: "no filter", q: "", logsQl: "*", days },
  { name: "service", q: "service:checkout", logsQl: '{service="checkout"}', days },
  { name: "service + level", q: "service:checkout level:fatal", logsQl: '{service="checkout"} level:=fatal', days },
  { name: "common word", q: "completed", logsQl: "completed", days },
  { name: "phrase", q: '"too many clients"', logsQl: '"too many clients"', days },
  { name: "attribute", q: "http.status:500", logsQl: "attributes.http.status:=500", days },
  { name: "number", q: "http.status>=500", logsQl: "attributes.http.status:>=500", days },
  { name: "number, nothing", q: "http.status>599", logsQl: "attributes.http.status:>599", days },
  { name: "regex", q: "/order [0-9]+ could not/", logsQl: '~"(?i)order [0-9]+ could not"', days },
  { name: "rare word, 24 h", q: NEEDLE, logsQl: `"${NEEDLE}"`, days: 1 },
  { name: "nothing found", q: "no-such-word-anywhere", logsQl: '"no-such-word-anywhere"', days },
];

/** One request after the other; the first two warm up. @param ask tells how many were found */
export async function measureKind(requests: number, ask: () => Promise<number>): Promise<Took> {
  const times: number[] = [];
  let found = 0;
  for (let request = 0; request < requests + 2; request++) {
    const time = await timed(async () => {
      found = await ask();
    });
    if (request >= 2) times.push(time);
  }
  return { median: quantile(times, 0.5), p99: quantile(times, 0.99), found };
}

const answerSchema = z.object({ data: z.object({ entries: z.array(z.unknown()), timed_out: z.boolean() }) });

/** Asks Cordwood for the newest 100. @throws Error when it ran out of time */
export async function askNewest(url: string, { name, q, days }: Kind, to: Date): Promise<number> {
  const from = addMs(to, -days * DAY_MS).toISOString();
  const asked = new URLSearchParams({ q, from, to: to.toISOString(), limit: "100", explain: "false" });
  const { data } = answerSchema.parse(await (await fetch(`${url}/api/logs?${asked}`)).json());
  if (data.timed_out) throw new Error(`${name}: out of time`);
  return data.entries.length;
}
