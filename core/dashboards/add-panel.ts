import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { dashboards } from "@/db/schema";
import { dashboardOf } from "./dashboard-of";
import { GRID, type Panel, type PanelContent } from "./definition";
import { noDashboard } from "./get-dashboard";
import { belowAll, freeId } from "./place-panel";
import type { Dashboard } from "./schemas";
import { updateDashboard } from "./update-dashboard";

/** Of a panel that comes from elsewhere: half of the width. */
const SIZE = { width: GRID.columns / 2, height: 8 };

/**
 * Puts a panel below those that are there. Runs within a transaction, in which the dashboard is held: what others change
 * comes before or after.
 * @throws Fault not_found, invalid when there are too many panels or its query is none
 */
export async function addPanel(context: Context, id: number, content: PanelContent): Promise<Dashboard> {
  const [row] = await context.db.select().from(dashboards).where(eq(dashboards.id, id)).for("update");
  if (!row) throw noDashboard(id);
  const { definition, name, description, revision } = dashboardOf(row);
  if (definition.panels.length >= LIMITS.panels) throw invalid(`a dashboard has at most ${LIMITS.panels} panels`);
  const panel: Panel = { ...content, ...SIZE, id: freeId(definition.panels), x: 0, y: belowAll(definition.panels) };
  return updateDashboard(context, id, {
    name,
    description,
    definition: { ...definition, panels: [...definition.panels, panel] },
    revision,
  });
}
