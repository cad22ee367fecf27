import { z } from "zod";
import { chartOptionsSchema } from "@/core/charts/chart-options";
import type { savedViews } from "@/db/schema";
import { EXPLORER_VIEWS, type SavedView, type ViewInput } from "./schemas";

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
