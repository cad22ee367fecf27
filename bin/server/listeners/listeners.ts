import { setTimeout as sleep } from "node:timers/promises";
import { forwardListeners } from "./forward";
import { gelfListeners } from "./gelf";
import type { Listener, ListenerContext } from "./listener";
import { otlpGrpcListeners } from "./otlp-grpc";
import { syslogListeners } from "./syslog";

/** After the deadline, to count what is dropped. */
const GRACE_MS = 500;

/** All that are set up, a family a file. @throws StartError for a setting that can't be used */
const listenersOf = (context: ListenerContext): Listener[] => [
  ...syslogListeners(context),
  ...gelfListeners(context),
  ...forwardListeners(context),
  ...otlpGrpcListeners(context),
];

/** @returns what stops them: within `mostMs`, whole ms, all that they took is committed and acknowledged, and after it nothing more is */
export type StopListeners = (mostMs: number) => Promise<void>;

/**
 * Starts the listeners whose ports are set.
 * @param say told where each listens
 * @throws StartError when one can't; those before it are stopped
 */
export async function startListeners(context: ListenerContext, say: (what: string) => void): Promise<StopListeners> {
  const started: Listener[] = [];
  const stop: StopListeners = async (mostMs) => {
    const deadline = AbortSignal.timeout(mostMs);
    const stopped = started.splice(0).map((listener) => listener.stop(deadline));
    // A database that holds a transaction without an end would hold the stop too.
    await Promise.race([Promise.all(stopped), sleep(mostMs + GRACE_MS, undefined, { ref: false })]);
  };
  try {
    for (const listener of listenersOf(context)) {
      const where = await listener.start();
      started.push(listener);
      say(`${listener.name} listens on ${where}`);
    }
  } catch (error) {
    await stop(0);
    throw error;
  }
  return stop;
}
