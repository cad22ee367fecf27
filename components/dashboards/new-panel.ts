import { chartOptionsSchema } from "@/core/charts/chart-options";
import { GRID, type Panel } from "@/core/dashboards/definition";
import { belowAll, freeId } from "@/core/dashboards/place-panel";

export const PANEL_KINDS = ["query", "lines", "text", "health", "incidents"] as const;

/** A panel that shows nothing yet, below the others. */
export function newPanel(kind: Panel["kind"], panels: readonly Panel[]): Panel {
  const base = { id: freeId(panels), title: "", x: 0, y: belowAll(panels), width: GRID.columns / 2, height: 8 };
  switch (kind) {
    case "query":
      return { ...base, kind, query: "", as: "chart", chart: chartOptionsSchema.parse({}) };
    case "lines":
      return { ...base, kind, query: "", limit: 50 };
    case "text":
      return { ...base, kind, text: "", height: 4 };
    case "health":
    case "incidents":
      return { ...base, kind, service: null };
  }
}

/** The same below the others. */
export const copyOf = (panel: Panel, panels: readonly Panel[]): Panel => ({
  ...panel,
  id: freeId(panels),
  y: belowAll(panels),
});
