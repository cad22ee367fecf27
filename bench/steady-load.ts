import { setTimeout as sleep } from "node:timers/promises";
import { generateLines, inRequests, toBody } from "./lines";
import { sendBodies } from "./send-bodies";

/** Lines go out so often. */
const PULSE_MS = 100;

/** Sends `rate` lines a second until it is told to stop. @returns how many */
export async function sendSteadily(url: string, rate: number, signal: AbortSignal): Promise<number> {
  let sent = 0;
  while (!signal.aborted) {
    const next = Date.now() + PULSE_MS;
    const count = Math.round((rate * PULSE_MS) / 1_000);
    const bodies = [...inRequests(generateLines(count, Date.now() - PULSE_MS, Date.now()))].map(toBody);
    await sendBodies(url, bodies, 1);
    sent += count;
    await sleep(Math.max(0, next - Date.now()));
  }
  return sent;
}
