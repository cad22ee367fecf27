import { beforeEach, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { Multiplex } from "./multiplex";
import { bytesOf, type Carrier } from "./watcher";

/** A stream whose other end takes what the test says. */
class Stream implements Carrier {
  readonly pieces: Uint8Array[] = [];
  private taken = 0;
  isClosed = false;

  write(bytes: Uint8Array): void {
    this.pieces.push(bytes);
  }

  waitingBytes(): number {
    return this.pieces.slice(this.taken).reduce((sum, { length }) => sum + length, 0);
  }

  isFull(): boolean {
    return false;
  }

  close(): void {
    this.isClosed = true;
  }

  take(pieces: number): void {
    this.taken += pieces;
  }

  get text(): string {
    return Buffer.concat(this.pieces).toString();
  }
}

let stream: Stream;
let multiplex: Multiplex;
beforeEach(() => {
  stream = new Stream();
  multiplex = new Multiplex(stream);
});

const flood = bytesOf("x".repeat(LIMITS.watcherBytes));

test("given two subscriptions, then what changes hands is told, and events stay as they are", () => {
  const one = multiplex.watcher("one");
  const two = multiplex.watcher("two");
  one.write(bytesOf("event: log\ndata: 1\n\n"));
  one.write(bytesOf("event: log\ndata: 2\n\n"));
  two.write(bytesOf("event: stats\ndata: 3\n\n"));
  one.write(bytesOf("event: log\ndata: 4\n\n"));
  expect(stream.text.split("\n\n").map((event) => event.replace("\n", " "))).toEqual([
    "event: subscription data: one",
    "event: log data: 1",
    "event: log data: 2",
    "event: subscription data: two",
    "event: stats data: 3",
    "event: subscription data: one",
    "event: log data: 4",
    "",
  ]);
});

test("given one that floods, then it is full until the client took enough of it, and the other never is", () => {
  const loud = multiplex.watcher("loud");
  const quiet = multiplex.watcher("quiet");
  loud.write(flood);
  quiet.write(bytesOf("event: stats\ndata: 1\n\n"));
  expect([loud.isFull(), quiet.isFull()]).toEqual([true, false]);

  // The note whose events follow; what is full has not gone yet.
  stream.take(1);
  expect([loud.isFull(), quiet.isFull()]).toEqual([true, false]);
  stream.take(1);
  expect([loud.isFull(), quiet.isFull()]).toEqual([false, false]);

  loud.write(flood);
  expect([loud.isFull(), quiet.isFull()]).toEqual([true, false]);
  stream.take(4);
  expect([loud.isFull(), quiet.isFull()]).toEqual([false, false]);
});

test("given one that is ended, then the stream is: the client comes again with all", () => {
  multiplex.watcher("one").close();
  expect(stream.isClosed).toBe(true);
});
