import { beforeEach, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { stalledUpload } from "@/core/testing/stalled-upload";
import { bodyOf, ingestOf, removeEntries, storedAndCounted, testDatabase } from "@/core/testing/test-database";
import type { Ingest } from "./ingest";

const context = testDatabase("2026-03-10T12:00:00.000Z");

beforeEach(() => removeEntries(context));

const stored = () => storedAndCounted(context);

/** Sends entries under names; null for one that has none. */
const send = (ingest: Ingest, names: readonly (string | null)[], message = "m") =>
  ingest.ingest({
    body: bodyOf(names.map(() => `${JSON.stringify({ service: "shop", message })}\n`).join("")),
    format: "ndjson",
    encodings: [],
    announcedBytes: 0,
    tellsEach: true,
    entryNameOf: (index) => names[index] ?? null,
  });

test("given entries that come again under their names, then they are stored once, and those without a name each time", async () => {
  const ingest = ingestOf(context);

  const first = await send(ingest, ["a", null, "b"]);
  const second = await send(ingest, ["b", null, "c", "a"]);

  expect(first).toEqual({ accepted: 3, rejected: 0, errors: [] });
  expect(second).toEqual({ accepted: 2, rejected: 0, errors: [], repeated: [0, 3] });
  expect(await stored()).toEqual({ entries: 5, counted: 5 });
});

test("given one name twice in a request, then the first entry has it", async () => {
  expect(await send(ingestOf(context), ["a", "a"])).toMatchObject({ accepted: 1, repeated: [1] });
  expect(await stored()).toEqual({ entries: 1, counted: 1 });
});

test("given only entries that came before, then nothing is stored", async () => {
  const ingest = ingestOf(context);
  await send(ingest, ["a", "b"]);

  expect(await send(ingest, ["a", "b"])).toEqual({ accepted: 0, rejected: 0, errors: [], repeated: [0, 1] });
  expect(await stored()).toEqual({ entries: 2, counted: 2 });
});

test("given the same names at several instances at once, in any order, then each is stored once", async () => {
  const names = Array.from({ length: 500 }, (_, index) => `n${index}`);
  const instances = [ingestOf(context), ingestOf(context), ingestOf(context)];

  const answers = await Promise.all(
    instances.flatMap((ingest) => [send(ingest, names), send(ingest, names.toReversed())]),
  );

  expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(500);
  expect(await stored()).toEqual({ entries: 500, counted: 500 });
});

test("given a large request that is written as it arrives, when it comes again, then nothing is stored twice", async () => {
  const ingest = ingestOf(context);
  const message = "x".repeat(10_000);
  const names = Array.from({ length: 1_500 }, (_, index) => (index % 2 === 0 ? `n${index}` : null));
  expect(names.length * message.length).toBeGreaterThan(LIMITS.streamedRequestBytes);

  expect(await send(ingest, names, message)).toMatchObject({ accepted: 1_500 });
  expect(await send(ingest, names, message)).toMatchObject({ accepted: 750 });

  expect(await stored()).toEqual({ entries: 2_250, counted: 2_250 });
});

test("given a large request that is written as it arrives, when another one stores its entries meanwhile, then it is told to come again, and nothing is stored twice", async () => {
  const ingest = ingestOf(context);
  const large = stalledUpload();
  const sent = ingest.ingest({ ...large.request, entryNameOf: (index) => `n${index}` });
  await large.silent;

  expect(await send(ingest, ["n0", "other"])).toMatchObject({ accepted: 2 });
  large.end();

  await expect(sent).rejects.toMatchObject({ kind: "unavailable" });
  expect(await stored()).toEqual({ entries: 2, counted: 2 });
  const again = stalledUpload();
  again.end();
  const answer = await ingest.ingest({ ...again.request, entryNameOf: (index) => `n${index}` });
  expect(answer).toMatchObject({ accepted: again.lines - 1, repeated: [0] });
  expect(await stored()).toEqual({ entries: again.lines + 1, counted: again.lines + 1 });
});
