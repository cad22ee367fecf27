import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Held } from "./ingest/budget";
import { createListenerMetrics, type ListenerMetrics } from "./listener-metrics";
import type { StorageState } from "./retention/schemas";
import type { SegmentProblem } from "./segments/note-check";

export type Metrics = { registry: Registry; entries: Counter<"outcome">; listeners: ListenerMetrics };

export type Gauged = {
  /** What waits to be committed. */
  pending(): Held;
  /** Who waits for a turn to look through entries. */
  waiting(): { search: number; sealed: number; stats: number; export: number };
  /** Clients that are being kept up to date. */
  watching(): { stream: number; tail: number };
  /** How often a panel of a dashboard was computed: once for all who look at the same. */
  panelComputations(): number;
  /** Types of the jobs that fail again and again. */
  failingJobs(): Promise<string[]>;
  /** Types of the jobs that nobody runs. */
  lateJobs(): Promise<string[]>;
  /** Services that have sent anything that is kept. */
  services(): Promise<number>;
  /** Whether the database has room for entries. */
  hasRoom(): Promise<boolean>;
  /** Null: it is not known yet. */
  storage(): Promise<StorageState | null>;
  /** Whether Redis can be reached; null when none is set up. */
  redisReachable(): boolean | null;
  /** Whether the store of segments can be reached, as far as is known. */
  storeReachable(): boolean;
  /** Alerts on queries that are on and not judged. */
  stoppedAlerts(): Promise<number>;
  /** Segments that are known to be unreadable, by what is wrong with their files. */
  segmentProblems(): Promise<Readonly<Record<SegmentProblem, number>>>;
};

/** The metrics of the process in Prometheus' text format. */
export function createMetrics({
  pending,
  waiting,
  watching,
  panelComputations,
  failingJobs,
  lateJobs,
  services,
  hasRoom,
  redisReachable,
  storeReachable,
  segmentProblems,
  stoppedAlerts,
  storage,
}: Gauged): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "cordwood_" });
  /** Tells what only the database knows. While it can't be asked, that is absent, and all the rest is there. */
  const ofDatabase = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    tell: (gauge: Gauge<Label>) => Promise<void>,
  ) =>
    new Gauge<Label>({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        try {
          await tell(this);
        } catch {
          if (labelNames.length === 0) this.remove();
          else this.reset();
        }
      },
    });
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
  new Gauge({
    name: "cordwood_waiting_reads",
    help: "Who waits for a turn to look through entries, by kind: search, sealed (to read files), stats or export.",
    labelNames: ["kind"] as const,
    registers: [registry],
    collect() {
      for (const [kind, count] of Object.entries(waiting())) this.set({ kind }, count);
    },
  });
  new Gauge({
    name: "cordwood_watchers",
    help: "Clients connected to the event streams, by kind: stream or tail.",
    labelNames: ["kind"] as const,
    registers: [registry],
    collect() {
      for (const [kind, count] of Object.entries(watching())) this.set({ kind }, count);
    },
  });
  new Counter({
    name: "cordwood_panel_computations_total",
    help: "Panels of dashboards that were computed: once for all who look at the same.",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(panelComputations());
    },
  });
  ofDatabase(
    "cordwood_failing_jobs",
    "1 for each scheduled job whose latest runs all failed.",
    ["job_type"],
    async (gauge) => {
      gauge.reset();
      for (const jobType of await failingJobs()) gauge.set({ job_type: jobType }, 1);
    },
  );
  ofDatabase(
    "cordwood_late_jobs",
    "1 for each scheduled job that nobody has run for several of its times.",
    ["job_type"],
    async (gauge) => {
      gauge.reset();
      for (const jobType of await lateJobs()) gauge.set({ job_type: jobType }, 1);
    },
  );
  ofDatabase(
    "cordwood_services",
    "Services with entries that are kept. Thousands mean that something else is taken for services.",
    [],
    async (gauge) => {
      gauge.set(await services());
    },
  );
  ofDatabase(
    "cordwood_database_has_room",
    "0 while the database's disk is full: entries are refused until there is room, and taken then.",
    [],
    async (gauge) => {
      gauge.set((await hasRoom()) ? 1 : 0);
    },
  );
  new Gauge({
    name: "cordwood_redis_reachable",
    help: "0 while Redis is away and this instance counts requests on its own. Absent: none is set up.",
    registers: [registry],
    collect() {
      const reachable = redisReachable();
      if (reachable === null) this.remove();
      else this.set(reachable ? 1 : 0);
    },
  });
  new Gauge({
    name: "cordwood_segment_store_reachable",
    help: "1 while the store of segments can be reached. While it can't, answers have what is not sealed, and say so.",
    registers: [registry],
    collect() {
      this.set(storeReachable() ? 1 : 0);
    },
  });
  ofDatabase(
    "cordwood_unreadable_segments",
    "Segments whose files are known to be missing or damaged.",
    ["problem"],
    async (gauge) => {
      for (const [problem, count] of Object.entries(await segmentProblems())) gauge.set({ problem }, count);
    },
  );
  ofDatabase(
    "cordwood_stopped_alerts",
    "Alerts on queries that are switched on and not judged, as they need too much: their problem says why.",
    [],
    async (gauge) => {
      gauge.set(await stoppedAlerts());
    },
  );
  ofDatabase(
    "cordwood_stored_bytes",
    "Bytes that are stored, by place: the tables of the database, and the files of segments.",
    ["place"],
    async (gauge) => {
      gauge.reset();
      const state = await storage();
      if (!state) return;
      gauge.set({ place: "database" }, state.database_bytes);
      gauge.set({ place: "segments" }, state.segment_bytes);
    },
  );
  ofDatabase(
    "cordwood_max_disk_bytes",
    "Bytes that may be stored; when it is more, the oldest entries go. Absent: no limit.",
    [],
    async (gauge) => {
      gauge.reset();
      const most = (await storage())?.max_bytes ?? null;
      if (most === null) gauge.remove();
      else gauge.set(most);
    },
  );
  return { registry, entries, listeners: createListenerMetrics(registry) };
}
