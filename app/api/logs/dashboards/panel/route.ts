import { z } from "zod";
import { jsonRoute } from "@/app/api/api-route";
import { panelSchema, panelSourceOf } from "@/app/api/panel-parameters";
import { PANEL_ANSWERS } from "@/core/dashboards/panel-source";
import { checkSource } from "@/core/dashboards/read-panel";

export const GET = jsonRoute(
  {
    need: "read",
    summary: "What a panel shows; GET /api/logs/stream?view=panel goes on telling it.",
    query: panelSchema,
    answer: z.union(Object.values(PANEL_ANSWERS)),
  },
  ({ url, signal }, runtime) => {
    const source = panelSourceOf(new URL(url).searchParams);
    checkSource(source, runtime.clock.now());
    return runtime.hub.readPanel(source, signal);
  },
);
