import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { QUIET_MS, sendStream } from "./send-stream";

/** Sends a stream; what arrived is in `batches`. */
function sending(stream: PassThrough) {
  const batches: string[] = [];
  const stopping = new AbortController();
  const done = sendStream(
    stream,
    {
      async deliver(batch) {
        batches.push(batch.toString());
        return { accepted: 1, rejected: 0, errors: [] };
      },
      stored: () => undefined,
      say: () => undefined,
    },
    stopping.signal,
  );
  return { batches, done, stop: () => stopping.abort() };
}

test("given lines with a pause between, then each is sent in the pause, and one that has not ended with its end", async () => {
  const stream = new PassThrough();
  const { batches, done } = sending(stream);
  stream.write("one\ntw");
  await expect.poll(() => batches).toEqual(["one\n"]);
  stream.write("o\n");
  await expect.poll(() => batches).toEqual(["one\n", "two\n"]);
  stream.end("three");
  await done;
  expect(batches).toEqual(["one\n", "two\n", "three"]);
});

test("given a stream that never pauses, then it is sent all the same, and nothing is lost or torn", async () => {
  const stream = new PassThrough();
  const { batches, done } = sending(stream);
  let written = 0;
  const timer = setInterval(() => stream.write(`INFO line ${written++}\n\tmore of it\n`), 20);
  await expect.poll(() => batches.length).toBeGreaterThan(1);
  clearInterval(timer);
  stream.end();
  await done;
  expect(batches.join("").match(/^INFO line \d+$/gm)).toHaveLength(written);
  for (const batch of batches) expect(batch).toMatch(/^INFO .*more of it\n$/s);
});

test("given a document over many lines and pauses, then it is sent as a whole", async () => {
  const stream = new PassThrough();
  const { batches, done } = sending(stream);
  stream.write('[\n  {"message":"a"},\n');
  setTimeout(() => stream.end('  {"message":"b"}\n]\n'), 2 * QUIET_MS);
  await done;
  expect(batches).toEqual(['[\n  {"message":"a"},\n  {"message":"b"}\n]\n']);
});

test("given a stop, then what has arrived is sent and it ends", async () => {
  const stream = new PassThrough();
  const { batches, done, stop } = sending(stream);
  stream.write("one\ntwo");
  await expect.poll(() => batches).toEqual(["one\n"]);
  stop();
  await done;
  expect(batches).toEqual(["one\n", "two"]);
});

test("given nothing but blank lines, then nothing is sent", async () => {
  const stream = new PassThrough();
  const { batches, done } = sending(stream);
  stream.end("\n\n  \n");
  await done;
  expect(batches).toEqual([]);
});
