import { Counter, Gauge, type Registry } from "prom-client";

export type ListenerMetrics = {
  /** Entries that a listener took and that are committed. */
  entries: Counter<"listener">;
  /** Messages that did not become entries, by why. */
  dropped: Counter<"listener" | "reason">;
  /** Names of those that listen. */
  readonly names: readonly string[];
  /** @param look tells what a listener holds at the moment */
  watch(listener: string, look: () => Holding): void;
};

type Holding = { bytes: number; connections: number };

/** What the listeners beside HTTP tell of themselves. */
export function createListenerMetrics(registry: Registry): ListenerMetrics {
  const watched = new Map<string, () => Holding>();
  const entries = new Counter({
    name: "cordwood_listener_entries_total",
    help: "Entries taken by listeners other than HTTP and committed.",
    labelNames: ["listener"] as const,
    registers: [registry],
  });
  const dropped = new Counter({
    name: "cordwood_listener_dropped_total",
    help: "Messages that listeners other than HTTP dropped, by the reason.",
    labelNames: ["listener", "reason"] as const,
    registers: [registry],
  });
  new Gauge({
    name: "cordwood_listener_connections",
    help: "Connections that a listener has.",
    labelNames: ["listener"] as const,
    registers: [registry],
    collect() {
      for (const [listener, look] of watched) this.set({ listener }, look().connections);
    },
  });
  new Gauge({
    name: "cordwood_listener_held_bytes",
    help: "Bytes that a listener holds and that are not committed.",
    labelNames: ["listener"] as const,
    registers: [registry],
    collect() {
      for (const [listener, look] of watched) this.set({ listener }, look().bytes);
    },
  });
  return {
    entries,
    dropped,
    get names() {
      return [...watched.keys()];
    },
    watch(listener, look) {
      watched.set(listener, look);
      entries.inc({ listener }, 0);
    },
  };
}
