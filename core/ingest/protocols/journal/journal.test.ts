import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProtocolDecoder } from "@/core/ingest/decode/decoder";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { LIMITS } from "@/core/limits";
import { fuzz, MUTATIONS, mutatedOf } from "@/core/testing/fuzz";
import { journalBody } from "@/core/testing/journal-body";
import { readEntries } from "@/core/testing/read-entries";
import { ExportReader } from "./export-reader";
import { journalFrames } from "./journal-frames";
import { writeEntry } from "./write-entry";

/** A field whose value has newlines, or is no text. */
function binary(name: string, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, bytes, Buffer.from("\n")]);
}

const text = (fields: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(
    Object.entries(fields)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );

const END = Buffer.from("\n");

/** As systemd-journal-upload writes it. */
const ofNginx = text({
  __CURSOR: "s=1;i=2;b=3;m=4;t=5;x=6",
  __REALTIME_TIMESTAMP: "1795705200123456",
  __MONOTONIC_TIMESTAMP: "99",
  _BOOT_ID: "ab",
  PRIORITY: "3",
  SYSLOG_IDENTIFIER: "nginx",
  _SYSTEMD_UNIT: "nginx.service",
  _PID: "42",
  MESSAGE: "upstream timed out",
});

const entry = {
  micros: "1795705200123456",
  service: "nginx",
  level: "error",
  message: "upstream timed out",
  attributes: { _BOOT_ID: "ab", SYSLOG_IDENTIFIER: "nginx", _SYSTEMD_UNIT: "nginx.service", _PID: "42" },
};

test("given an entry, then time, level, service and message are read, and the other fields keep their names", () => {
  expect(readEntries(journalBody, [ofNginx, END])).toEqual([expect.objectContaining(entry)]);
});

test("given the bytes one by one, and no blank line at the end, then it is read the same", () => {
  const body = Buffer.concat([ofNginx, END, ofNginx]);

  const found = readEntries(
    journalBody,
    [...body].map((byte) => Uint8Array.of(byte)),
  );

  expect(found).toEqual([expect.objectContaining(entry), expect.objectContaining(entry)]);
});

test("given values with newlines, bytes that are no text, and one that is empty, then they are read as far as they can be stored", () => {
  const fields = [
    binary("MESSAGE", "first\nsecond\n\nfourth"),
    binary("_SELINUX_CONTEXT", "unconfined\0\n"),
    binary("PIXELS", Buffer.from([0xff, 0x0a, 0x41])),
    binary("NOTHING", ""),
    text({ EMPTY: "", EQUAL: "a=b" }),
  ];

  expect(readEntries(journalBody, [...fields, END])).toMatchObject([
    {
      message: "first\nsecond\n\nfourth",
      attributes: {
        _SELINUX_CONTEXT: "unconfined\u{fffd}\n",
        PIXELS: "\u{fffd}\nA",
        NOTHING: "",
        EMPTY: "",
        EQUAL: "a=b",
      },
    },
  ]);
});

test("given a field that stands twice, then it is an array, and of what is read the first counts", () => {
  const body = text({ MESSAGE: "one" }).toString() + text({ MESSAGE: "two", TAG: "a" }) + text({ TAG: "b" });

  expect(readEntries(journalBody, [body])).toMatchObject([
    { message: "one", attributes: { MESSAGE: "two", TAG: ["a", "b"] } },
  ]);
});

test.each([
  [{ CONTAINER_NAME: "shop", SYSLOG_IDENTIFIER: "0a1b2c" }, "shop"],
  [{ SYSLOG_IDENTIFIER: "", _SYSTEMD_UNIT: "cron.service", UNIT: "x" }, "cron.service"],
  [{ _COMM: "bash" }, "bash"],
  [{ _PID: "1" }, "unknown"],
])("given %j, then the service is %s", (fields, service) => {
  expect(readEntries(journalBody, [text({ MESSAGE: "m", ...fields })])).toMatchObject([{ service }]);
});

test("given a priority that is none, then the entry is info and what was sent is kept", () => {
  expect(readEntries(journalBody, [text({ MESSAGE: "m", PRIORITY: "9" })])).toMatchObject([
    { level: "info", attributes: { level_original: "9" } },
  ]);
});

test("given fields that are too long, such as a core dump, then they are left out by name, and the next entry is read", () => {
  const dump = binary("COREDUMP", Buffer.alloc(3 * 1024 * 1024, 7));
  const many = text(Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`F${index}`, "x".repeat(10_000)])));

  const [dumped, filled, next] = readEntries(journalBody, [
    text({ MESSAGE: "dumped" }),
    dump,
    END,
    text({ MESSAGE: "filled" }),
    many,
    END,
    ofNginx,
  ]);

  expect(dumped).toMatchObject({ message: "dumped", attributes: { journal_fields_left_out: ["COREDUMP"] } });
  expect(filled).toMatchObject({ attributes: { journal_fields_left_out: ["F4", "F5", "F6", "F7", "F8", "F9"] } });
  expect(next).toMatchObject(entry);
});

test("given a message longer than an entry can have, then it is cut", () => {
  const [found] = readEntries(journalBody, [text({ MESSAGE: "x".repeat(3_000_000) })]);

  expect(found).toMatchObject({ message: "x".repeat(65_536) });
});

describe("what is not this format", () => {
  test.each([
    ["a field without a name", "=a\n", "a field has no name (at byte 1)"],
    ["a line that is no field", "x".repeat(300), "a line is neither NAME=value nor a name"],
    ["a length that nothing has", Buffer.concat([Buffer.from("A\n"), Buffer.alloc(8, 0xff)]), "says that it has"],
    [
      "a value that is longer than its length",
      Buffer.concat([binary("A", "b").subarray(0, -1), Buffer.from("c")]),
      "newline",
    ],
  ])("given %s, then it is refused with what is wrong", (_, body, reason) => {
    expect(() => readEntries(journalBody, [body])).toThrow(reason);
  });

  test("given a body that ends in the middle of an entry, then that entry is rejected", () => {
    expect(readEntries(journalBody, [ofNginx, END, "MESSAGE=cut"])).toMatchObject([
      entry,
      "the entry breaks off before its end",
    ]);
  });
});

test("given any bytes, then they are read or refused with a reason", () => {
  fuzz(journalBody, Buffer.concat([ofNginx, binary("MESSAGE", "a\nb"), END, ofNginx, END]));
});

test("given any bytes, then entries that are read from their bytes are what they are when they are read field by field", () => {
  const usual = Buffer.concat([ofNginx, END, text({ MESSAGE: "ä \t", _COMM: "a", PRIORITY: "9" }), END, ofNginx, END]);
  const fieldByField: ProtocolDecoder = (sink) => {
    const written = new EntryText();
    const reader = new ExportReader((fields) => writeEntry(fields, written, sink));
    return {
      push(chunk) {
        for (let at = 0; at < chunk.length; ) at = reader.readEntry(chunk, at);
      },
      finish() {
        if (!reader.finish()) sink.rejected("cut");
      },
    };
  };
  fc.assert(
    fc.property(fc.oneof(fc.constant(usual), mutatedOf(usual)), (bytes) => {
      const [found, expected] = [textsOf(journalBody, bytes), textsOf(fieldByField, bytes)];
      // Behind what can't be read, entries with a beginning and an end of their own still can.
      expect(expected.isWhole ? found.texts : found.texts.slice(0, expected.texts.length)).toEqual(expected.texts);
    }),
    { numRuns: MUTATIONS },
  );
});

test("given entries in any pieces, then the same bytes are handed on of each", () => {
  const long = text({ _COMM: "a", MESSAGE: "x".repeat(LIMITS.messageBytes) });
  // The second value has a length whose bytes look like the end of an entry, and the third one like a field and that.
  const kinds = [
    ofNginx,
    binary("MESSAGE", "a\n\nb"),
    binary("MESSAGE", "x".repeat(0x0a0a)),
    Buffer.concat([ofNginx, binary("A", "=\n\n".repeat(0x0a))]),
    text({ MESSAGE: "one line" }),
    long,
  ];
  const entries = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(entries, fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }), (all, sizes) => {
      const body = Buffer.concat(all.flatMap((one) => [one, END]));
      const { texts } = textsOf(journalFrames, body);
      expect(texts).toHaveLength(all.length);
      expect(textsOf(journalFrames, body, sizes)).toEqual({ texts, isWhole: true });
      expect(readEntries(journalBody, [body])).toHaveLength(all.length);
    }),
    { numRuns: 100 },
  );
});

/**
 * What a decoder hands on until it ends, or throws.
 * @param sizes of the pieces in which the bytes come, over and over; absent: in one
 */
function textsOf(format: ProtocolDecoder, bytes: Buffer, sizes: readonly number[] = [bytes.length]) {
  const texts: string[] = [];
  let isWhole = true;
  const decoder = format({
    entry: (source, from, end) => texts.push(source.toString("utf8", from, end)),
    rejected: () => {
      isWhole = false;
    },
  });
  try {
    for (let at = 0, piece = 0; at < bytes.length; piece++) {
      const end = at + (sizes[piece % sizes.length] ?? 1);
      decoder.push(bytes.subarray(at, end));
      at = end;
    }
    decoder.finish();
  } catch {
    // Where the bytes can't be read is told as it always was.
    isWhole = false;
  }
  return { texts, isWhole };
}
