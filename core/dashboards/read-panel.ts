import type { z } from "zod";
import { listIncidents } from "@/core/alerts/incidents/list-incidents";
import { splitPipes } from "@/core/analytics/find-pipe";
import { getStats } from "@/core/analytics/get-stats";
import { parsePipes } from "@/core/analytics/parse-pipes";
import type { StatsAnswer } from "@/core/analytics/schemas";
import { LIMITS } from "@/core/limits";
import { allKeptFrom } from "@/core/retention/all-kept-from";
import { parseQuery } from "@/core/search/query/parse";
import { listedEntryOf } from "@/core/search/schemas";
import { searchLogs } from "@/core/search/search-logs";
import type { EntriesContext } from "@/core/segments/segments";
import type { Settings } from "@/core/settings/settings";
import { listServices } from "@/core/stats/list-services";
import { checkQuery } from "./check-queries";
import type { PANEL_ANSWERS, PanelSource } from "./panel-source";
import { alignedTo, windowOf } from "./panel-window";

export type PanelContext = EntriesContext & { settings: Pick<Settings, "retentionPlan"> };

type Answers = { [Kind in PanelSource["kind"]]: z.infer<(typeof PANEL_ANSWERS)[Kind]> };
export type PanelAnswer = Answers[PanelSource["kind"]];

/** @throws Fault invalid for a query that is none or takes too much, too_busy when too many wait */
export async function readPanel(context: PanelContext, source: PanelSource, signal: AbortSignal): Promise<PanelAnswer> {
  switch (source.kind) {
    case "stats":
      return readStats(context, source, signal);
    case "lines":
      return readLines(context, source, signal);
    case "health":
      return listServices(context, {
        range: "1h",
        sort: "attention",
        limit: LIMITS.panelRows,
        names: someOf(source.services),
      });
    case "incidents":
      return readIncidents(context, source);
  }
}

async function readIncidents(
  context: PanelContext,
  { services }: Extract<PanelSource, { kind: "incidents" }>,
): Promise<Answers["incidents"]> {
  // One more than is shown says that there are more.
  const most = LIMITS.panelRows;
  const filter = { unresolved: true, services: someOf(services) };
  const found = await listIncidents(context, filter, { limit: most + 1 });
  return { incidents: found.slice(0, most), has_more: found.length > most };
}

const someOf = (names: readonly string[]) => (names.length === 0 ? undefined : names);

/** What can be told to be wrong before anything is computed. @throws Fault invalid with what is wrong and where */
export function checkSource(source: PanelSource, now: Date): void {
  if (source.kind !== "stats" && source.kind !== "lines") return;
  checkQuery(source.q, source.kind === "stats" ? "query" : "lines");
  windowOf(source.time, now);
}

async function readStats(
  context: PanelContext,
  { q, time }: Extract<PanelSource, { kind: "stats" }>,
  signal: AbortSignal,
): Promise<StatsAnswer> {
  const now = context.clock.now();
  const { lines, pipes } = splitPipes(q);
  const asked = parsePipes(q, q.length - (pipes?.length ?? 0));
  const { window, pipeline } = alignedTo(time, windowOf(time, now), asked);
  const query = parseQuery(lines);
  const kept = await allKeptFrom(context);
  return getStats(context, { query, ...window, pipeline, zone: time.zone, allKeptFrom: kept, signal });
}

async function readLines(
  context: PanelContext,
  { q, limit, time }: Extract<PanelSource, { kind: "lines" }>,
  signal: AbortSignal,
): Promise<Answers["lines"]> {
  const found = await searchLogs(context, {
    query: parseQuery(q),
    ...windowOf(time, context.clock.now()),
    limit,
    part: { characters: LIMITS.listedCharacters, attributes: false },
    signal,
  });
  const { complete, missing_segments, missing_count, timed_out } = found;
  return { entries: found.entries.map(listedEntryOf), timed_out, complete, missing_segments, missing_count };
}
