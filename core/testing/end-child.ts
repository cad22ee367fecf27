import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Sends a signal to a process, unless it is not there (any more), and waits until it has ended. */
export async function endChild(child: ChildProcess | null | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}
