import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Content, openContent } from "./content";
import { PlaceFile } from "./place";
import { SentLog } from "./sent-log";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-send-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => path.join(folder, name);

/** What a server keeps of what it is sent: a batch whose key it knows is answered and not stored again. */
class Receiver {
  readonly lines: string[] = [];
  readonly said: string[] = [];
  private readonly keys = new Set<string>();
  /** The next answer is lost on its way back. */
  losesAnswer = false;
  /** Nothing is taken. */
  refuses = false;

  readonly deliver = async (batch: Buffer, key: string) => {
    if (this.refuses) throw new Error("refused");
    const lines = batch
      .toString()
      .split("\n")
      .filter((line) => line !== "");
    if (!this.keys.has(key)) this.lines.push(...lines);
    this.keys.add(key);
    if (this.losesAnswer) {
      this.losesAnswer = false;
      throw new Error("connection lost");
    }
    return { accepted: lines.length, rejected: 0, errors: [] };
  };
}

function open(receiver: Receiver, follows: boolean, log: string, fromOldest: boolean): Promise<SentLog> {
  const places = new PlaceFile(at("places"), "http://127.0.0.1:3000/", log);
  const say = (what: string) => void receiver.said.push(what);
  return SentLog.open(
    log,
    places,
    { follows, fromOldest },
    { deliver: receiver.deliver, stored: () => undefined, say },
  );
}

/** @returns false when it broke off */
async function sendAll(sent: SentLog): Promise<boolean> {
  try {
    while (await sent.step());
    return true;
  } catch (error) {
    if (error instanceof Error && error.message === "connection lost") return false;
    throw error;
  }
}

/** A run of the program: until it has nothing to send, or breaks off. */
async function run(receiver: Receiver, follows = false, log = at("app.log"), fromOldest = false): Promise<void> {
  const sent = await open(receiver, follows, log, fromOldest);
  await sendAll(sent);
  await sent.close();
}

test("given a file that grows between runs, then each run sends what is new", async () => {
  const receiver = new Receiver();
  writeFileSync(at("app.log"), "1\n2\n");
  await run(receiver);
  appendFileSync(at("app.log"), "3\n4");
  await run(receiver);
  await run(receiver);
  expect(receiver.lines).toEqual(["1", "2", "3", "4"]);
});

test("given a file that is followed, then a line that has not ended waits for its end", async () => {
  const receiver = new Receiver();
  writeFileSync(at("app.log"), "1\n2");
  await run(receiver, true);
  expect(receiver.lines).toEqual(["1"]);
  appendFileSync(at("app.log"), "3\n");
  await run(receiver, true);
  expect(receiver.lines).toEqual(["1", "23"]);
});

test("given an answer that is lost, then the next run sends the same under the same key, and what was added after it", async () => {
  const receiver = new Receiver();
  writeFileSync(at("app.log"), "1\n2\n");
  receiver.losesAnswer = true;
  await run(receiver);
  appendFileSync(at("app.log"), "3\n");
  await run(receiver);
  expect(receiver.lines).toEqual(["1", "2", "3"]);
});

test("given a lost answer, and the file holds something else at the next run, then that is sent too", async () => {
  const receiver = new Receiver();
  writeFileSync(at("app.log"), "1\n2\n");
  receiver.losesAnswer = true;
  await run(receiver);
  writeFileSync(at("app.log"), "3\n4\n");
  await run(receiver);
  expect(receiver.lines).toEqual(["1", "2", "3", "4"]);
});

test("given a file that was cut off and has grown beyond its place, then all of it is sent", async () => {
  const receiver = new Receiver();
  writeFileSync(at("app.log"), "1\n2\n");
  await run(receiver);
  writeFileSync(at("app.log"), "3\n4\n5\n6\n");
  await run(receiver);
  expect(receiver.lines).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(receiver.said).toEqual([]);
});

test("given several rotations while nothing ran, one of them packed, then the rest of the old file and the others are sent in order", async () => {
  const receiver = new Receiver();
  const time = Date.now() / 1_000;
  writeFileSync(at("app.log"), "1\n2\n");
  await run(receiver);
  appendFileSync(at("app.log"), "3\n");
  writeFileSync(at("app.log.2.gz"), gzipSync(readFileSync(at("app.log"))));
  writeFileSync(at("app.log.1"), "4\n5\n");
  writeFileSync(at("app.log"), "6\n");
  for (const [index, name] of ["app.log.2.gz", "app.log.1", "app.log"].entries())
    utimesSync(at(name), time + index, time + index);
  await run(receiver);
  expect(receiver.lines).toEqual(["1", "2", "3", "4", "5", "6"]);
});

test("given a folder's log that was never sent, then what rotation has put away goes first; a file that was named is sent alone", async () => {
  const time = Date.now() / 1_000;
  for (const [index, name] of ["app.log-20261124.gz", "app.log-20261125", "app.log"].entries()) {
    writeFileSync(at(name), name.endsWith(".gz") ? gzipSync(`${name}\n`) : `${name}\n`);
    utimesSync(at(name), time + index, time + index);
  }
  const [alone, all] = [new Receiver(), new Receiver()];
  await run(alone);
  expect(alone.lines).toEqual(["app.log"]);
  rmSync(at("places"), { recursive: true });
  await run(all, false, at("app.log"), true);
  expect(all.lines).toEqual(["app.log-20261124.gz", "app.log-20261125", "app.log"]);
});

test("given a followed file that grows while it is read, then a line that has not ended waits for its end", async () => {
  const receiver = new Receiver();
  writeFileSync(at("app.log"), "1\n");
  const sent = await open(receiver, true, at("app.log"), false);
  await sendAll(sent);
  appendFileSync(at("app.log"), "begun, ");
  const generation = { file: at("app.log"), isPacked: false, bytes: 0, modified: 0n, id: "" };
  const content = await openContent(generation);
  const prototype: Content = Object.getPrototypeOf(content);
  const { state } = prototype;
  // Between the question for its size and the reading of so much.
  const asked = vi.spyOn(prototype, "state").mockImplementationOnce(async function (this: Content) {
    const known = await state.call(this);
    appendFileSync(at("app.log"), "and ended\n");
    return known;
  });
  await sendAll(sent);
  expect(asked).toHaveBeenCalled();
  asked.mockRestore();
  await content.close();
  await sendAll(sent);
  await sent.close();
  expect(receiver.lines).toEqual(["1", "begun, and ended"]);
});

test("given a file that can't be sent, then it is passed over for what stands behind it, and not before something does", async () => {
  const receiver = new Receiver();
  writeFileSync(at("app.log"), '[{"message": "never whole"},\n');
  receiver.refuses = true;
  const sent = await open(receiver, true, at("app.log"), true);
  await expect(sent.step()).rejects.toThrow("refused");
  expect(sent.sendsDocument).toBe(true);
  expect(await sent.passOver()).toBe(false);
  renameSync(at("app.log"), at("app.log.1"));
  writeFileSync(at("app.log"), "1\n2\n");
  expect(await sent.passOver()).toBe(true);
  receiver.refuses = false;
  while (await sent.step());
  await sent.close();
  expect(receiver.lines).toEqual(["1", "2"]);
});

test("given a document that is refused, when another file takes its place, or it is whole in a later run, then that is sent", async () => {
  const receiver = new Receiver();
  receiver.refuses = true;
  writeFileSync(at("a.json"), '[{"message": "one"},\n');
  const sent = await open(receiver, true, at("a.json"), true);
  await expect(sent.step()).rejects.toThrow("refused");
  expect(await sent.passOver()).toBe(false);
  writeFileSync(at("new.json"), '[{"message": "other"}]');
  renameSync(at("new.json"), at("a.json"));
  expect(await sent.passOver()).toBe(true);
  await expect(sent.step()).rejects.toThrow("refused");
  await sent.close();

  appendFileSync(at("a.json"), "\n");
  receiver.refuses = false;
  const later = await open(receiver, true, at("a.json"), true);
  while (await later.step());
  await later.close();
  expect(receiver.lines).toEqual(['[{"message": "other"}]']);
});

test("given a document that is followed, then it is sent as a whole, without a line feed at its end too", async () => {
  const receiver = new Receiver();
  const document = '[\n  {"message": "one"},\n  {"message": "two"}\n]';
  writeFileSync(at("app.json"), document);
  await run(receiver, true, at("app.json"));
  expect(receiver.lines.join("\n")).toBe(document);
});

test("given a packed file that was sent in part, then it goes on behind it", async () => {
  const receiver = new Receiver();
  const lines = Array.from({ length: 200_000 }, (_, index) => `2026-11-26T15:00:00Z INFO line ${index}`);
  writeFileSync(at("old.log.gz"), gzipSync(lines.join("\n")));
  const deliver = receiver.deliver;
  let batches = 0;
  const breaking = Object.assign(new Receiver(), {
    lines: receiver.lines,
    deliver: (batch: Buffer, key: string) => {
      receiver.losesAnswer = ++batches === 2;
      return deliver(batch, key);
    },
  });
  await run(breaking, false, at("old.log.gz"));
  expect(receiver.lines.length).toBeLessThan(lines.length);
  await run(breaking, false, at("old.log.gz"));
  expect(receiver.lines).toEqual(lines);
});

test("given writing, rotation of every kind, lost answers and new runs in any order, then each line arrives once and in its order", async () => {
  const step = fc.constantFrom(
    "write",
    "write half a line",
    "rename",
    "copy and cut off",
    "begin to pack",
    "pack",
    "lose an answer",
    "look",
    "end",
  );
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const log = at(`${++round}.log`);
      const receiver = new Receiver();
      const written: string[] = [];
      let clock = Date.now() / 1_000 - 10_000;
      let rotations = 0;
      let isHalf = false;
      const touch = (file: string) => utimesSync(file, ++clock, clock);
      const write = (text: string) => {
        appendFileSync(log, text);
        touch(log);
      };
      const line = () => {
        const text = `${isHalf ? "" : "line "}${written.length}`;
        if (isHalf) written[written.length - 1] += text;
        else written.push(text);
        isHalf = false;
        return `${text}\n`;
      };
      const put = () => `${log}.${String(++rotations).padStart(3, "0")}`;
      let packed = "";
      let running: SentLog | null = null;
      const end = async () => {
        await running?.close();
        running = null;
      };
      write(line());
      for (const one of [...steps, "look", "look"]) {
        // Programs end their lines before somebody rotates.
        if (isHalf && ["rename", "copy and cut off"].includes(one)) write(line());
        if (one === "write") write(line());
        if (one === "write half a line" && !isHalf) {
          written.push("half ");
          isHalf = true;
          write("half ");
        }
        if (one === "rename") {
          packed = put();
          renameSync(log, packed);
          write("");
        }
        if (one === "copy and cut off") {
          packed = put();
          copyFileSync(log, packed);
          touch(packed);
          truncateSync(log);
          touch(log);
        }
        if (one === "begin to pack" && packed !== "") {
          writeFileSync(`${packed}.gz`, gzipSync(readFileSync(packed)).subarray(0, -9));
          utimesSync(`${packed}.gz`, ++clock, clock);
          touch(log);
        }
        if (one === "pack" && packed !== "") {
          const { length } = readFileSync(packed);
          if (length > 0) {
            writeFileSync(`${packed}.gz`, gzipSync(readFileSync(packed)));
            utimesSync(`${packed}.gz`, ++clock, clock);
            touch(log);
            rmSync(packed);
          }
          packed = "";
        }
        if (one === "lose an answer") receiver.losesAnswer = true;
        if (one === "end") await end();
        if (one === "look") {
          running ??= await open(receiver, true, log, true);
          if (!(await sendAll(running))) await end();
        }
      }
      receiver.losesAnswer = false;
      if (isHalf) write(line());
      await end();
      await run(receiver, true, log, true);
      expect(receiver.lines).toEqual(written);
    }),
    { numRuns: 150 },
  );
});
