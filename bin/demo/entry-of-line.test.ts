import { expect, test } from "vitest";
import { entryOfLine } from "./entry-of-line";

const NOW = new Date("2026-03-10T12:00:00Z");

test.each([
  ["2026-03-10 11:59:58,123 ERROR db gone", "error", "2026-03-10T11:59:58.123Z"],
  ["2026-03-10T11:59:58+01:00 [warn] slow", "warn", "2026-03-10T11:59:58+01:00"],
  ["[notice] workerEnv.init() ok", "notice", undefined],
  ["2005-06-09 06:07:04 INFO long ago", "info", undefined],
  ["2026-03-10 99:59:58 no such time", undefined, undefined],
  ["plain text about informers", undefined, undefined],
])("given the line %j, then its level is %s and its time %s", (line, level, timestamp) => {
  const entry = entryOfLine(line, "app", NOW);
  expect(entry.message).toBe(line);
  expect(entry.service).toBe("app");
  expect(entry.level).toBe(level);
  expect(entry.timestamp).toBe(timestamp);
});
