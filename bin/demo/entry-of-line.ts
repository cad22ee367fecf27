type LineEntry = { service: string; message: string; level?: string; timestamp?: string };

/** Date and time with an optional zone, as most loggers write them; without a zone it is taken for UTC. */
const TIME = /\b(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:\d{2})?/;
/** A level's name as a word of its own; only near the beginning, where loggers put it. */
const LEVEL = /\b(trace|debug|info|notice|warn|warning|err|error|severe|crit|critical|fatal|panic|emerg)\b/i;
const LEVEL_WITHIN = 120;
/** Entries older than the retention time would be rejected: such a line gets the present time. */
const RECENT_MS = 25 * 86_400_000;

/** A line of plain text as an entry, with the time and the level that it names where they can be recognised. */
export function entryOfLine(line: string, service: string, now: Date): LineEntry {
  const level = LEVEL.exec(line.slice(0, LEVEL_WITHIN))?.[1]?.toLowerCase();
  const time = TIME.exec(line);
  const timestamp = time ? `${time[1]}T${time[2]}${time[3] ? `.${time[3]}` : ""}${time[4] ?? "Z"}` : undefined;
  const age = timestamp === undefined ? Number.NaN : now.getTime() - Date.parse(timestamp);
  const isRecent = age > -3_600_000 && age < RECENT_MS;
  return { service, message: line, ...(level && { level }), ...(isRecent && { timestamp }) };
}
