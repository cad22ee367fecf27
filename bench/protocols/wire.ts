import type { GeneratedLine } from "@/bench/generate-lines";
import type { Target } from "@/bench/send-bodies";
import type { ProtocolDecoder } from "@/core/ingest/decode/decoder";
import { LEVELS, type Level } from "@/core/levels";

/** The least that a way in may reach of what POST /api/logs does with the same lines as NDJSON. */
export const BARS = { json: 0.8, binary: 0.6 } as const;

/** A listener of a socket of its own. */
export type ListenerTarget = {
  /** As the start calls it. */
  listener: string;
  /** That sets its port. */
  variable: string;
  /** It answers each message. */
  isAcknowledged: boolean;
};

/** One of the forms in which a protocol's senders write lines. */
export type Wire = {
  /** As `--protocol` has it. */
  protocol: string;
  /** What it is called beside other forms of the same protocol. */
  form: string;
  kind: keyof typeof BARS;
  /** The lines of one request, or of one message. */
  body(lines: readonly GeneratedLine[]): Buffer;
  /** Reads a body without the listener or the address that take it. */
  decoder: ProtocolDecoder;
  to: Target | ListenerTarget;
};

/** The attributes of a line, which are all the same members. */
export type Attributes = {
  http: { status: number; method: string };
  region: string;
  trace_id: string;
  host: string;
};

/** The attributes as one level of members, such as `http.status`. @param dot between the names */
export function flatAttributes({ attributes }: GeneratedLine, dot = "."): Record<string, string | number> {
  const { http, region, trace_id, host }: Attributes = JSON.parse(attributes);
  return { [`http${dot}status`]: http.status, [`http${dot}method`]: http.method, region, trace_id, host };
}

/** Severities of syslog. */
const SYSLOG: Readonly<Record<Level, number>> = { trace: 7, debug: 7, info: 6, warning: 4, error: 3, fatal: 2 };
export const syslogSeverity = ({ level }: GeneratedLine) => SYSLOG[level];

/** SeverityNumber of OpenTelemetry. */
export const severityNumber = ({ level }: GeneratedLine) => LEVELS.indexOf(level) * 4 + 1;

/** Digits of nanoseconds since 1970. */
export const nanoseconds = ({ timestamp }: GeneratedLine) => `${timestamp.getTime()}000000`;

/** Lines by what their sender says of them together, in the order in which each first came. */
export function grouped(
  lines: readonly GeneratedLine[],
  keyOf: (line: GeneratedLine) => string,
): Map<string, GeneratedLine[]> {
  const groups = new Map<string, GeneratedLine[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  return groups;
}
