import { invalid } from "@/core/errors";
import { EntryText } from "@/core/ingest/protocols/entry-text";

/** The labels that say what a stream is of, the first wins (Grafana Loki, limits_config, discover_service_name). */
const SERVICE_LABELS = [
  "service_name",
  "service",
  "app",
  "application",
  "name",
  "app_kubernetes_io_name",
  "container",
  "container_name",
  "component",
  "workload",
  "job",
];
/** With these the table of names finds the service by itself. */
const KNOWN_BY_NAME = ["service_name", "service"];

/** The labels of a stream as members of its entries, without braces, and its service when another label says it. */
export function labelMembers(labels: readonly (readonly [name: string, value: string])[]): EntryText {
  const text = new EntryText();
  for (const [name, value] of labels) text.namedBy(name).string(value);
  const found = SERVICE_LABELS.map((wanted) => labels.find(([name, value]) => name === wanted && value !== "")).find(
    (label) => label !== undefined,
  );
  if (found && !KNOWN_BY_NAME.includes(found[0])) text.namedBy("service_name").string(found[1]);
  return text;
}

const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_.]*)\s*=\s*("(?:[^"\\]|\\.)*"|`[^`]*`)\s*(,|$)/y;

/**
 * Reads `{job="nginx", host="a"}`, as a stream's labels are written (Grafana Loki, "Log stream selector").
 * @throws Fault invalid for what is none
 */
export function parseLabels(written: string): [name: string, value: string][] {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(written)?.[1];
  if (inner === undefined) throw invalid(`a stream's labels must stand in braces, not ${written.slice(0, 100)}`);
  const labels: [string, string][] = [];
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inner.length) {
    const at = LABEL.lastIndex;
    const found = LABEL.exec(inner);
    if (!found) {
      if (inner.slice(at).trim() === "") break;
      throw invalid(`a stream's labels can't be read at "${inner.slice(at, at + 50)}"`);
    }
    const [, name = "", value = ""] = found;
    labels.push([name, unquote(value)]);
  }
  return labels;
}

/** Of Go's string literals what JSON has too, which is what is written; others stay as they are. */
function unquote(literal: string): string {
  if (literal.startsWith("`")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}
