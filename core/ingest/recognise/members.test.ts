import { expect, test, vi } from "vitest";
import { EntryReader } from "@/core/ingest/decode/entry-reader";
import { readTimestamp } from "./members";

test("given a zone too long to be one, then it is not looked up and the entry has the time of its arrival", () => {
  const asked = vi.spyOn(Intl, "DateTimeFormat");
  try {
    const timezone = `Europe/${"x".repeat(58)}`;
    const line = JSON.stringify({ message: "m", datetime: { date: "2026-11-26 16:00:00.0", timezone } });
    const reader = new EntryReader();
    reader.read(Buffer.from(line), 0, line.length);
    expect(readTimestamp(reader, reader.members.timestamp)).toBeNaN();
    expect(asked).not.toHaveBeenCalled();
  } finally {
    asked.mockRestore();
  }
});
