import type { Runtime } from "@/core/runtime";

/**
 * A way in for entries beside HTTP. What it acknowledged is committed; it holds no more in memory than LIMITS say; what it took and
 * what it dropped, and why, is on /metrics (core/metrics.ts).
 */
export type Listener = {
  /** On /metrics, in the log and in the answer of /readyz, such as `syslog_udp`. */
  readonly name: string;
  /** Resolves when it listens, with where: an address and a port. @throws StartError when it can't */
  start(): Promise<string>;
  /** Takes nothing more. Resolves when what was taken is committed and acknowledged, or when `deadline` is over. */
  stop(deadline: AbortSignal): Promise<void>;
};

/** What listeners need of the process. */
export type ListenerContext = Pick<Runtime, "access" | "clock" | "config" | "ingest" | "logger" | "metrics">;
