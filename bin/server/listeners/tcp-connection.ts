import type net from "node:net";
import { isFault } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Delivery } from "./deliver";
import { Feed } from "./feed";
import type { Received, Sender } from "./message";
import type { OpenSession, Session } from "./session";
import type { Space } from "./space";

/** A page of a browser can send such lines to any port, and a body of its choice behind them. */
const HTTP = /^[A-Z]{3,10} [^\r\n]* HTTP\/1\.[01]\r?\n/;
const KEEP_ALIVE_MS = 60_000;
/** For the other side to close too. */
const CLOSE_MS = 1_000;

/** One connection: a chunk is read when there is room for what the last one held. */
export class TcpConnection {
  /** When anything came last, for the listener to end the most silent one. */
  lastMs = performance.now();
  /** Resolves when it is closed and all that was taken is settled. */
  readonly done: Promise<void>;
  private readonly feed: Feed;
  private readonly session: Session;
  private work: Promise<void> = Promise.resolve();
  private isClosing = false;
  private isFirst = true;
  /** Of the session's bytes, those that the listener's space knows of. */
  private partial = 0;

  constructor(
    private readonly socket: net.Socket,
    readonly sender: Sender,
    private readonly delivery: Delivery,
    private readonly space: Space,
    open: OpenSession,
  ) {
    this.feed = new Feed(delivery, space, 0);
    // Not events.once, which fails at an error: a connection that breaks is closed like any other.
    this.done = new Promise((resolve) => socket.once("close", () => resolve(this.settle())));
    socket.on("data", (chunk) => this.queue(() => this.take(chunk)));
    socket.on("end", () => this.queue(() => this.finish()));
    socket.on("error", () => undefined);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const write = (bytes: Uint8Array) => {
      if (socket.writable) socket.write(bytes);
    };
    this.session = open({ sender, write, close: () => this.close() }, delivery);
  }

  /** Reads no more, and closes when all that was taken is settled. */
  close(): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.socket.pause();
    void this.work.then(async () => {
      await this.feed.below(0);
      // What still arrives is read and left alone: a connection that is closed over unread bytes takes answers with it.
      this.socket.end();
      this.socket.resume();
      this.socket.setTimeout(CLOSE_MS, () => this.socket.destroy());
    });
  }

  destroy(): void {
    this.socket.destroy();
  }

  private queue(step: () => Promise<void>): void {
    this.socket.pause();
    this.work = this.work.then(step).then(() => {
      if (!this.isClosing) this.socket.resume();
    });
  }

  private async take(chunk: Buffer): Promise<void> {
    if (this.isClosing) return;
    this.lastMs = performance.now();
    try {
      if (this.isHttp(chunk)) this.refuse("malformed", "it is a request of HTTP");
      else if (!(await this.keep(this.session.push(chunk)))) this.refuse("full", "there was no room for it for long");
    } catch (error) {
      if (!isFault(error)) throw error;
      this.refuse(error.kind === "too_large" ? "too_large" : "malformed", error.message);
    }
  }

  /** @returns false when there was no room */
  private async keep(messages: readonly Received[]): Promise<boolean> {
    for (const message of messages) {
      if (!this.feed.add(message) && !(await this.feed.addWhenFree(message))) return false;
    }
    const more = this.session.held - this.partial;
    const { bodyIdleMs, connectionBytes } = LIMITS;
    if (more > 0 && !(await this.space.takeWhenFree(more, bodyIdleMs, this.delivery.ending))) return false;
    if (more < 0) this.space.release(-more);
    this.partial += more;
    await this.feed.below(connectionBytes);
    return true;
  }

  private async finish(): Promise<void> {
    if (!this.isClosing) await this.keep(this.session.finish());
    this.close();
  }

  private isHttp(chunk: Buffer): boolean {
    const { isFirst } = this;
    this.isFirst = false;
    return isFirst && HTTP.test(chunk.toString("latin1", 0, LIMITS.headerBytes));
  }

  private refuse(reason: "full" | "malformed" | "too_large", detail: string): void {
    if (this.isClosing) return;
    this.delivery.drops.count(reason, detail, this.sender.address);
    this.close();
  }

  private async settle(): Promise<void> {
    this.isClosing = true;
    await this.work;
    await this.feed.below(0);
    this.space.release(this.partial);
    this.partial = 0;
  }
}
