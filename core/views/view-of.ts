import { z } from "zod";
import { chartOptionsSchema } from "@/core/charts/chart-options";
import type { savedViews } from "@/db/schema";
import { EXPLORER_VIEWS, type SavedView, type ViewInput } from "./schemas";

/** As the API has it. @throws ZodError when the database holds what is no view */
export const viewOf = (row: typeof savedViews.$inferSelect): SavedView => ({
  id: row.id,
  name: row.name,
  query: row.query,
  range: row.range,
  from: row.fromTime?.toISOString() ?? null,
  to: row.toTime?.toISOString() ?? null,
  columns: row.columns,
  view: row.view === null ? null : z.enum(EXPLORER_VIEWS).parse(row.view),
  chart: chartOptionsSchema.parse(row.chart),
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

/** What is stored of what somebody saves; times that move with the clock stay a name (`range`). */
export const rowOf = ({ name, query, range, from, to, columns, view, chart }: ViewInput) => ({
  name,
  query,
  range,
  fromTime: from === null ? null : new Date(from),
  toTime: to === null ? null : new Date(to),
  columns,
  view,
  chart,
});
