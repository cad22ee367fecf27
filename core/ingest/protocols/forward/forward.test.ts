import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { decode, ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { LIMITS } from "@/core/limits";
import { fuzz, MUTATIONS, mutatedOf } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { forwardEvents } from "./forward-events";
import { ForwardFrames } from "./forward-frames";
import { Handshake } from "./handshake";
import { MsgpackEnd } from "./msgpack-end";
import { writeJson } from "./msgpack-to-json";
import { type ForwardMessage, readForward } from "./read-forward";
import { writeEvent } from "./write-event";

const helloSchema = z.tuple([z.literal("HELO"), z.object({ nonce: z.instanceof(Uint8Array) })]);

/** 2026-11-26T15:00:00Z */
const SECONDS = 1_795_705_200;

const eventTime = (seconds: number, nanoseconds: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(seconds);
  bytes.writeUInt32BE(nanoseconds, 4);
  return new ExtData(0, bytes);
};

const packed = (...events: unknown[]) => Buffer.concat(events.map((event) => encode(event)));
const read = (message: unknown): ForwardMessage => readForward(Buffer.from(encode(message)));

/** What becomes of the one event of a message on its way to the database. */
function entryOf(message: unknown) {
  const forward = read(message);
  if (!("event" in forward)) return expect.unreachable("it has many events");
  const write = (sink: EntrySink) => writeEvent(forward.event, 0, forward.tag, new EntryText(), sink);
  return readEntries((sink) => ({ push: () => undefined, finish: () => write(sink) }), [])[0];
}

describe("a message", () => {
  test("given one event with a time in nanoseconds, then it is an entry, exact to the microsecond", () => {
    const record = {
      level: "error",
      message: "boom",
      service: "shop",
      n: 2 ** 40,
      nested: { a: [1, null, true, -1.5] },
    };

    expect(entryOf(["app.access", eventTime(SECONDS, 123_456_789), record])).toMatchObject({
      micros: `${SECONDS}123456`,
      service: "shop",
      level: "error",
      message: "boom",
      attributes: { n: 2 ** 40, nested: { a: [1, null, true, -1.5] }, fluent_tag: "app.access" },
    });
  });

  test.each([
    ["whole seconds", SECONDS, `${SECONDS}000000`],
    ["a fraction", SECONDS + 0.25, `${SECONDS}250000`],
    ["nothing", null, "1795708800000000"],
  ])("given a time of %s, then it is that, or the one of arrival", (_what, time, micros) => {
    expect(entryOf(["tag", time, { message: "m" }])).toMatchObject({ micros, service: "tag" });
  });

  test("given a time that is none, then what was sent is kept", () => {
    expect(entryOf(["tag", true, { message: "m" }])).toMatchObject({ attributes: { timestamp_original: true } });
  });

  test("given what Docker's driver sends, then the container is the service, and what the program printed is opened", () => {
    const record = {
      container_id: "ab",
      container_name: "/web",
      source: "stderr",
      log: '{"level":"warn","msg":"slow"}',
    };

    expect(entryOf(["docker.ab", SECONDS, record])).toMatchObject({
      service: "web",
      level: "warning",
      message: "slow",
      attributes: { container_id: "ab", source: "stderr", fluent_tag: "docker.ab" },
    });
  });

  test("given what Fluent Bit sends from version 2 on, then its metadata is an attribute", () => {
    expect(entryOf(["tag", [eventTime(SECONDS, 0), {}], { log: "m" }])).toMatchObject({ message: "m" });
    expect(entryOf(["tag", [eventTime(SECONDS, 0), { otlp: { a: 1 } }], { log: "m" }])).toMatchObject({
      micros: `${SECONDS}000000`,
      attributes: { fluent_metadata: { otlp: { a: 1 } } },
    });
  });

  test("given events in a list, packed or compressed, then they are the same bytes, one after the other", () => {
    const events = [
      [SECONDS, { message: "a" }],
      [eventTime(SECONDS, 5), { message: "b" }],
    ];
    const bytes = packed(...events);
    for (const [message, encodings] of [
      [["tag", events, { chunk: "c1", size: 2 }], []],
      [["tag", bytes, { chunk: "c1", compressed: "text" }], []],
      [["tag", gzipSync(bytes), { chunk: "c1", compressed: "gzip" }], ["gzip"]],
    ]) {
      expect(read(message)).toMatchObject({ tag: "tag", chunk: "c1", encodings });
    }
    expect(read(["tag", events])).toMatchObject({ events: bytes, chunk: null });
    expect(read(["tag", bytes.toString("latin1")])).toMatchObject({ chunk: null });
    expect(read(["tag", []])).toMatchObject({ events: Buffer.alloc(0) });
    expect(read(["tag", [], { chunk: "c" }])).toMatchObject({ events: Buffer.alloc(0), chunk: "c" });
  });

  test.each([
    [[]],
    [["tag"]],
    [[7, SECONDS, {}]],
    [["tag", SECONDS]],
    ["tag"],
    [["tag", [], { compressed: "lzma" }]],
    [["tag", [], { fluent_signal: 1 }]],
    [["tag", [], "options"]],
  ])("given %j, then it is refused with a reason", (message) => {
    expect(() => read(message)).toThrow(/^a message/);
  });

  test("given a record that is none, or is nested too deep, then the event is rejected with a reason", () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 80; depth++) deep = [deep];

    expect(entryOf(["tag", SECONDS, "text"])).toBe("a record must be a map");
    expect(entryOf(["tag", SECONDS, { deep }])).toContain("nested deeper than");
  });
});

describe("events one after the other", () => {
  test("given them in any pieces, then each is an entry", () => {
    const bytes = packed(
      [SECONDS, { message: "a" }],
      [SECONDS, { message: "b".repeat(100) }],
      [SECONDS, { message: "c" }],
    );
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (one, other) => {
        const [from, end] = [Math.min(one, other), Math.max(one, other)];
        const entries = readEntries(forwardEvents("tag"), [
          bytes.subarray(0, from),
          bytes.subarray(from, end),
          bytes.subarray(end),
        ]);
        expect(entries).toMatchObject([{ message: "a" }, { message: "b".repeat(100) }, { message: "c" }]);
      }),
    );
  });

  test("given one that is too long or is none, then it is rejected alone, and never held whole", () => {
    const long = [SECONDS, { message: "x".repeat(LIMITS.entryBytes), more: ["y".repeat(LIMITS.entryBytes)] }];
    const bytes = packed([SECONDS, { message: "a" }], long, 7, [SECONDS], [SECONDS, { message: "b" }]);
    let held = 0;
    const pieces = (function* () {
      for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
    })();
    const entries = readEntries(
      (sink) => {
        const decoder = forwardEvents("tag")(sink);
        return {
          push(chunk) {
            decoder.push(chunk);
            held = Math.max(held, decoder.held ?? 0);
          },
          finish: () => decoder.finish(),
        };
      },
      [...pieces],
    );

    expect(entries).toEqual([
      expect.objectContaining({ message: "a" }),
      `an entry must be at most ${LIMITS.entryBytes} bytes`,
      "an event must be a list of time and record",
      "an event must be a list of time and record",
      expect.objectContaining({ message: "b" }),
    ]);
    expect(held).toBeLessThan(LIMITS.entryBytes + 2 * 65_536);
  });

  test("given the last one cut off, then the message is refused", () => {
    expect(() => readEntries(forwardEvents("tag"), [packed([SECONDS, { message: "a" }]).subarray(0, -1)])).toThrow(
      "not complete",
    );
  });
});

describe("MessagePack", () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.string({ minLength: 30, maxLength: 300 }),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 20 }),
      fc.dictionary(
        fc.string().filter((name) => name !== "__proto__"),
        tie("value"),
      ),
    ),
  })).value;

  const jsonOf = (bytes: Buffer) => {
    const text = new EntryText();
    writeJson(bytes, 0, text);
    return text.bytes.toString();
  };

  test("given any value, then its JSON text means the same, and its end is found in any pieces", () => {
    fc.assert(
      fc.property(value, fc.nat(), (any, cut) => {
        const bytes = Buffer.from(encode(any));
        expect(JSON.parse(jsonOf(bytes))).toEqual(JSON.parse(JSON.stringify(any)));
        const end = new MsgpackEnd();
        const middle = cut % bytes.length;
        expect(end.find(bytes.subarray(0, middle))).toBe(-1);
        expect(end.find(Buffer.concat([bytes, Buffer.from([1, 2])]))).toBe(bytes.length);
      }),
    );
  });

  test("given integers of 64 bits, floats of 32, and what JSON has no word for, then nothing of them is lost", () => {
    const options = { useBigInt64: true };
    expect(jsonOf(Buffer.from(encode(18_446_744_073_709_551_615n, options)))).toBe("18446744073709551615");
    expect(jsonOf(Buffer.from(encode(-9_223_372_036_854_775_808n, options)))).toBe("-9223372036854775808");
    expect(jsonOf(Buffer.from(encode(1.5, { forceFloat32: true })))).toBe("1.5");
    expect(jsonOf(Buffer.from(encode(Number.NaN)))).toBe('"NaN"');
    expect(jsonOf(Buffer.from(encode(-3)))).toBe("-3");
    expect(jsonOf(Buffer.from(encode(-300)))).toBe("-300");
    expect(jsonOf(Buffer.from(encode(70_000)))).toBe("70000");
    expect(jsonOf(Buffer.from(encode(new Uint8Array([0x68, 0x69]))))).toBe('"hi"');
    expect(jsonOf(Buffer.from(encode(new ExtData(5, new Uint8Array([1])))))).toBe('"AQ=="');
  });

  test("given a list that announces more than a message may have, then it is refused before it arrives", () => {
    const frames = new ForwardFrames();
    const push = () => [...frames.push(Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]), () => LIMITS.forwardMessageBytes)];
    expect(push).toThrow("more than");
  });
});

describe("the handshake", () => {
  const ping = (sharedKey: string, hello: unknown) => {
    const [, { nonce }] = helloSchema.parse(hello);
    const salt = Buffer.from("salt");
    const digest = createHash("sha512").update(salt).update("client").update(nonce).update(sharedKey).digest("hex");
    return { salt, nonce, message: Buffer.from(encode(["PING", "client", salt, digest, "", ""])) };
  };

  test("given the same shared key, then each side shows the other that it has it", () => {
    const handshake = new Handshake("the right key", "server");
    const { salt, nonce, message } = ping("the right key", decode(handshake.hello));
    const digest = createHash("sha512")
      .update(salt)
      .update("server")
      .update(nonce)
      .update("the right key")
      .digest("hex");

    const { isRight, pong } = handshake.answer(message);
    expect(isRight).toBe(true);
    expect(decode(pong)).toEqual(["PONG", true, "", "server", digest]);
  });

  test("given another key, then it is told so; given another message, then it is refused", () => {
    const handshake = new Handshake("the right key", "server");
    const { isRight, pong } = handshake.answer(ping("a wrong key", decode(handshake.hello)).message);
    expect(isRight).toBe(false);
    expect(decode(pong)).toEqual(["PONG", false, "shared_key mismatch", "", ""]);
    expect(() => handshake.answer(Buffer.from(encode(["tag", 1, {}])))).toThrow("must be PING");
  });
});

test("given any bytes, then they are read or refused with a reason", () => {
  const events = packed([SECONDS, { message: "a", n: [1, { b: "c" }] }], [eventTime(SECONDS, 5), { log: "b" }]);
  fuzz(forwardEvents("tag"), events);
  const message = Buffer.from(
    encode(["tag", eventTime(SECONDS, 5), { message: "a", n: [1, { b: "c" }] }, { chunk: "abc" }]),
  );
  fc.assert(
    fc.property(mutatedOf(message), (bytes) => {
      try {
        for (const frame of new ForwardFrames().push(bytes, () => LIMITS.forwardMessageBytes)) {
          const forward = readForward(frame);
          if (!("event" in forward)) continue;
          const write = (sink: EntrySink) => writeEvent(forward.event, 0, "tag", new EntryText(), sink);
          readEntries((sink) => ({ push: () => undefined, finish: () => write(sink) }), []);
        }
      } catch (error) {
        expect(error).toMatchObject({ kind: expect.stringMatching(/^(invalid|too_large)$/) });
      }
    }),
    { numRuns: MUTATIONS },
  );
});
