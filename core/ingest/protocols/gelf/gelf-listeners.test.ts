import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFault } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { MUTATIONS, mutatedOf } from "@/core/testing/fuzz";
import { GelfChunks } from "./gelf-chunks";
import { decompressGelf } from "./gelf-datagram";
import { GelfFrames } from "./gelf-frames";
import { takeToken } from "./take-token";

const text = '{"version":"1.1","host":"web1","short_message":"declined","level":3}';

const chunk = (id: string, place: number, count: number, bytes: string) =>
  Buffer.concat([
    Buffer.from([0x1e, 0x0f]),
    Buffer.from(id.padEnd(8)),
    Buffer.from([place, count]),
    Buffer.from(bytes),
  ]);

describe("chunks", () => {
  const collect = () => {
    let incomplete = 0;
    const chunks = new GelfChunks(() => void incomplete++);
    return { chunks, lost: () => incomplete };
  };

  test("given a message in chunks in any order and one twice, then it is put together once", () => {
    const { chunks, lost } = collect();
    expect(chunks.add(chunk("m", 2, 3, "c"), "a", 0)).toBeNull();
    expect(chunks.add(chunk("m", 0, 3, "a"), "a", 1)).toBeNull();
    expect(chunks.add(chunk("m", 0, 3, "a"), "a", 1)).toBeNull();
    expect(chunks.add(chunk("m", 1, 3, "b"), "a", 2)?.toString()).toBe("abc");
    expect(lost()).toBe(0);
  });

  test("given the same id of two senders, then each message is its own", () => {
    const { chunks } = collect();
    chunks.add(chunk("m", 0, 2, "a"), "10.0.0.1", 0);
    chunks.add(chunk("m", 0, 2, "x"), "10.0.0.2", 0);
    expect(chunks.add(chunk("m", 1, 2, "b"), "10.0.0.1", 0)?.toString()).toBe("ab");
    expect(chunks.add(chunk("m", 1, 2, "y"), "10.0.0.2", 0)?.toString()).toBe("xy");
  });

  test("given a chunk that is missing after five seconds, then the message is given up, and told", () => {
    const { chunks, lost } = collect();
    chunks.add(chunk("m", 0, 2, "a"), "a", 0);
    expect(chunks.add(chunk("m", 1, 2, "b"), "a", 5_001)).toBeNull();
    expect(lost()).toBe(1);
  });

  test("given more than there is room for, then the oldest is given up", () => {
    const { chunks, lost } = collect();
    const large = "x".repeat(8_000);
    const messages = Math.ceil(LIMITS.gelfChunkBytes / 8_000);
    for (let index = 0; index < messages; index++) chunks.add(chunk(String(index), 0, 2, large), "a", 0);
    expect(lost()).toBeGreaterThan(0);
    expect(chunks.add(chunk(String(messages - 1), 1, 2, "y"), "a", 0)?.length).toBe(8_001);
  });

  test("given a place or a number of chunks that can't be, then it is none", () => {
    const { chunks, lost } = collect();
    expect(chunks.add(chunk("m", 0, 0, "a"), "a", 0)).toBeNull();
    expect(chunks.add(chunk("m", 2, 2, "a"), "a", 0)).toBeNull();
    expect(chunks.add(chunk("m", 0, 129, "a"), "a", 0)).toBeNull();
    expect(lost()).toBe(3);
  });
});

test("given a datagram in gzip, zlib or plain, then its text is the same", () => {
  for (const bytes of [gzipSync(text), deflateSync(text), deflateSync(text, { level: 1 }), Buffer.from(text)]) {
    expect(decompressGelf(bytes).toString()).toBe(text);
  }
});

test("given a datagram that grows to more than an entry may have, then it is refused", () => {
  expect(() => decompressGelf(gzipSync("x".repeat(LIMITS.entryBytes + 1)))).toThrow("larger than");
});

test("given a connection in any pieces, then the messages between NULs are found", () => {
  const bytes = Buffer.from(`${text}\0\0{"a":1}\0{"b":2}`);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const frames = new GelfFrames();
    const found = [...frames.push(bytes.subarray(0, cut)), ...frames.push(bytes.subarray(cut)), ...frames.finish()];
    expect(found.map(String)).toEqual([text, '{"a":1}', '{"b":2}']);
  }
});

test("given a message without an end that is longer than an entry may be, then it is refused", () => {
  const frames = new GelfFrames();
  expect(() => frames.push(Buffer.alloc(LIMITS.entryBytes + 1, "x"))).toThrow("more than");
});

test.each([
  ['{"_token":"k","a":1}', { a: 1 }],
  ['{"a":1 , "_token" : "k"}', { a: 1 }],
  ['{"a":"x,y","_token":"k" , "b":2}', { a: "x,y", b: 2 }],
  ['{"_token":"k"}', {}],
  ['{"_token":"k","a":1,"_token":"l"}', { a: 1 }],
])("given the key in %s, then it is taken out, and the rest stays", (message, rest) => {
  const taken = takeToken(Buffer.from(message));
  expect(taken.key).toBe("k");
  expect(JSON.parse(taken.message.toString())).toEqual(rest);
});

test("given no key, then the message stays as it is", () => {
  const message = Buffer.from('{"a":"_token","b":{"_token":"k"}}');
  expect(takeToken(message)).toEqual({ key: null, message });
  expect(takeToken(Buffer.from('{"_token":7}')).key).toBeNull();
});

test("given any bytes, then they are taken or refused with a reason", () => {
  fc.assert(
    fc.property(
      mutatedOf(gzipSync(text)),
      mutatedOf(Buffer.from(`${text.slice(0, -1)},"_token":"k"}`)),
      (datagram, message) => {
        try {
          decompressGelf(datagram);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
        try {
          const { message: rest } = takeToken(message);
          if (message.toString().startsWith("{")) expect(() => JSON.parse(rest.toString())).not.toThrow();
        } catch (error) {
          expect(isFault(error) || error).toBe(true);
        }
      },
    ),
    { numRuns: MUTATIONS },
  );
});
