import { eachFrame, type FoundFrames, SyslogFrames } from "@/core/ingest/protocols/syslog/syslog-frames";
import { mayHaveKey } from "@/core/ingest/protocols/syslog/take-key";
import type { Received, Sender, Small } from "./message";
import type { Session } from "./session";

/** One connection of syslog: what arrives in one piece and has no key in it goes on as one. */
export class SyslogSession implements Session {
  private readonly frames = new SyslogFrames();

  /** @param read of one message, which may bring a key @param format of those that bring none */
  constructor(
    private readonly sender: Sender,
    private readonly read: Received["read"],
    private readonly format: Small["format"],
  ) {}

  get held(): number {
    return this.frames.held;
  }

  push(chunk: Buffer): Received[] {
    return this.received(this.frames.push(chunk));
  }

  finish(): Received[] {
    return this.received(this.frames.finish());
  }

  private received({ bytes: all, places }: FoundFrames): Received[] {
    const { sender, read, format } = this;
    if (places.length === 0) return [];
    const bytes = all.subarray(0, places.at(-1));
    if (!mayHaveKey(bytes))
      return [{ bytes, sender, messages: places.length / 2, read: () => ({ key: null, bytes, places, format }) }];
    const received: Received[] = [];
    eachFrame({ bytes, places }, (frame) => received.push({ bytes: frame, sender, messages: 1, read }));
    return received;
  }
}
