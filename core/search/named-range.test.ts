import { expect, test } from "vitest";
import { readRange } from "./named-range";

test.each([
  ["45m", "45m", "Last 45 minutes"],
  [" 45 Min ", "45m", "Last 45 minutes"],
  ["1h", "1h", "Last hour"],
  ["last hour", "1h", "Last hour"],
  ["last 3 days", "3d", "Last 3 days"],
  ["past 2 weeks", "2w", "Last 2 weeks"],
  ["1h30m", "1h30m", "Last 1 hour 30 minutes"],
  ["1 hour 30 minutes", "1h30m", "Last 1 hour 30 minutes"],
  ["90s", "90s", "Last 90 seconds"],
  ["today", "today", "Today"],
  ["Yesterday", "yesterday", "Yesterday"],
  ["this week", "this-week", "This week"],
  ["this-week", "this-week", "This week"],
  ["last month", "last-month", "Last month"],
  ["last day", "1d", "Last day"],
])("given %j, then the range is %s, which reads %s", (text, name, label) => {
  expect(readRange(text)).toMatchObject({ name, label });
  expect(readRange(name)?.name).toBe(name);
});

test.each(["", "m", "45", "0m", "3 fortnights", "45m ago and more", "-3d", "1e9d", "99999d", "tomorrow", "<b>"])(
  "given %j, then it is no range",
  (text) => {
    expect(readRange(text)).toBeNull();
  },
);

// A Wednesday, three days after Stockholm's clocks went from 2 to 3.
const NOW = new Date("2026-04-01T10:20:30.500Z");

test.each([
  ["45m", "UTC", "2026-04-01T09:35:00.000Z", "2026-04-01T10:21:00.000Z"],
  ["90s", "UTC", "2026-04-01T10:19:00.000Z", "2026-04-01T10:21:00.000Z"],
  ["3d", "Europe/Stockholm", "2026-03-29T10:20:00.000Z", "2026-04-01T10:21:00.000Z"],
  ["today", "UTC", "2026-04-01T00:00:00.000Z", "2026-04-01T10:21:00.000Z"],
  ["today", "Europe/Stockholm", "2026-03-31T22:00:00.000Z", "2026-04-01T10:21:00.000Z"],
  ["yesterday", "Europe/Stockholm", "2026-03-30T22:00:00.000Z", "2026-03-31T22:00:00.000Z"],
  ["yesterday", "America/New_York", "2026-03-31T04:00:00.000Z", "2026-04-01T04:00:00.000Z"],
  ["this hour", "Asia/Kathmandu", "2026-04-01T10:15:00.000Z", "2026-04-01T10:21:00.000Z"],
  ["this week", "Europe/Stockholm", "2026-03-29T22:00:00.000Z", "2026-04-01T10:21:00.000Z"],
  ["last week", "Europe/Stockholm", "2026-03-22T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
  ["last month", "UTC", "2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z"],
  ["this year", "UTC", "2026-01-01T00:00:00.000Z", "2026-04-01T10:21:00.000Z"],
])("given %s in %s, then it is from %s to %s", (text, zone, from, to) => {
  const window = readRange(text)?.windowAt(NOW, zone);
  expect([window?.from.toISOString(), window?.to.toISOString()]).toEqual([from, to]);
});
