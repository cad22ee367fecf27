import { setTimeout as sleep } from "node:timers/promises";
import { generateLines, inRequests, toBody } from "./lines";
import { sendBodies } from "./send-bodies";

/** Lines go out so often. */
const PULSE_MS = 100;
const BEHIND_MS = 1_000;

/** Sends `rate` lines a second until it is told to stop. @param lines makes them @returns how many */
export async function sendSteadily(
  url: string,
  rate: number,
  signal: AbortSignal,
  lines = generateLines,
): Promise<number> {
  let sent = 0;
  let next = Date.now();
  while (!signal.aborted) {
    // What took longer is made up for, unless the server can't take so much.
    next = Math.max(next + PULSE_MS, Date.now() - BEHIND_MS);
    const count = Math.round((rate * PULSE_MS) / 1_000);
    const bodies = [...inRequests(lines(count, Date.now() - PULSE_MS, Date.now()))].map(toBody);
    await sendBodies(url, bodies, 1);
    sent += count;
    await sleep(Math.max(0, next - Date.now()));
  }
  return sent;
}
