import { MINUTE_MS } from "@/core/clock";
import type { ListenerContext } from "./listener";

/**
 * Why a message did not become entries: `malformed` is none of its protocol, `rejected` is one whose entry breaks a limit (docs/sending.md),
 * `unauthorised`, `forbidden` and `too_busy` are of senders who may not send or send too much, `full` found no room in memory,
 * `incomplete` lacks a part, `stopping` was still waiting for the database when Cordwood ended.
 */
export type DropReason =
  | "malformed"
  | "rejected"
  | "unauthorised"
  | "forbidden"
  | "too_busy"
  | "too_large"
  | "full"
  | "incomplete"
  | "crowded"
  | "tls"
  | "failed"
  | "stopping";

/** Counts what a listener drops, and says so in the log: once a minute for each reason, since senders can't be told. */
export class Drops {
  private readonly toldMs = new Map<DropReason, number>();

  constructor(
    private readonly context: ListenerContext,
    private readonly listener: string,
  ) {}

  /** @param detail what was wrong, for the log */
  count(reason: DropReason, detail: string, address: string, messages = 1): void {
    const { metrics, clock, logger } = this.context;
    const { listener } = this;
    metrics.listeners.dropped.inc({ listener, reason }, messages);
    const nowMs = clock.now().getTime();
    if (nowMs < (this.toldMs.get(reason) ?? 0) + MINUTE_MS) return;
    this.toldMs.set(reason, nowMs);
    logger.warn({ listener, reason, detail, address }, "a listener drops messages; /metrics counts them");
  }
}
