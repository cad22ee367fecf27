import { EventEmitter, once } from "node:events";
import { expect } from "vitest";
import { LIMITS } from "@/core/limits";

const LINE = Buffer.from(`${JSON.stringify({ service: "shop", message: "x".repeat(10_000) })}\n`);
const LINES = 1_000;

/** A request that is written while it arrives, whose sender falls silent before its end for as long as a test likes. */
export function stalledUpload() {
  expect(LINES * LINE.length).toBeGreaterThan(LIMITS.streamedRequestBytes);
  const events = new EventEmitter();
  const [silent, ended] = [once(events, "silent"), once(events, "end")];
  async function* body() {
    for (let line = 0; line < LINES; line++) yield LINE;
    events.emit("silent");
    await ended;
  }
  return {
    lines: LINES,
    request: { body: body(), format: "ndjson" as const, encodings: [], announcedBytes: 0, tellsEach: true },
    /** Resolves when its rows, but for the last, stand in a transaction that is open. */
    silent,
    end: () => events.emit("end"),
  };
}
