import { LIMITS } from "@/core/limits";
import { bytesOf, type Carrier, eventText, type Watcher } from "./watcher";

type Written = { id: string; bytes: number };

/**
 * Several subscriptions over one stream. An event `subscription` says whose events follow. Of each of them as much may wait as of
 * one that has a stream of its own: so one that floods takes nothing from the others. When one is ended, all are: the client
 * comes again and is told which of them it can't have any more.
 */
export class Multiplex {
  /** What the carrier was given and has perhaps not passed on yet, the oldest first. */
  private readonly written: Written[] = [];
  private readonly waiting = new Map<string, number>();
  private sum = 0;
  private last: string | null = null;

  constructor(private readonly carrier: Carrier) {}

  watcher(id: string): Watcher {
    return {
      write: (bytes) => this.write(id, bytes),
      isFull: () => {
        this.forgetPassedOn();
        return (this.waiting.get(id) ?? 0) >= LIMITS.watcherBytes;
      },
      close: () => this.carrier.close(),
    };
  }

  private write(id: string, bytes: Uint8Array): void {
    if (id !== this.last) {
      this.last = id;
      this.give(id, bytesOf(eventText("subscription", id, null)));
    }
    this.give(id, bytes);
  }

  private give(id: string, bytes: Uint8Array): void {
    this.forgetPassedOn();
    this.written.push({ id, bytes: bytes.length });
    this.count(id, bytes.length);
    this.carrier.write(bytes);
  }

  private forgetPassedOn(): void {
    const waiting = this.carrier.waitingBytes();
    for (let [oldest] = this.written; oldest && this.sum - oldest.bytes >= waiting; [oldest] = this.written) {
      this.written.shift();
      this.count(oldest.id, -oldest.bytes);
    }
  }

  private count(id: string, bytes: number): void {
    this.sum += bytes;
    this.waiting.set(id, (this.waiting.get(id) ?? 0) + bytes);
  }
}
