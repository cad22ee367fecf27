import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Held } from "./ingest/budget";

export type Metrics = { registry: Registry; entries: Counter<"outcome"> };

/** The metrics of the process in Prometheus' text format. @param pending what waits to be committed */
export function createMetrics(pending: () => Held): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "cordwood_" });
  const entries = new Counter({
    name: "cordwood_entries_total",
    help: "Entries received, by what became of them: accepted or rejected.",
    labelNames: ["outcome"] as const,
    registers: [registry],
  });
  new Gauge({
    name: "cordwood_pending_rows",
    help: "Entries decoded and not yet committed.",
    registers: [registry],
    collect() {
      this.set(pending().rows);
    },
  });
  new Gauge({
    name: "cordwood_pending_bytes",
    help: "Bytes of entries decoded and not yet committed.",
    registers: [registry],
    collect() {
      this.set(pending().bytes);
    },
  });
  return { registry, entries };
}
