import { jsonRoute } from "@/app/api/api-route";
import { panelSourceOf } from "@/app/api/panel-parameters";
import { checkSource } from "@/core/dashboards/read-panel";

/** What a panel shows; GET /api/logs/stream?view=panel goes on telling it. */
export const GET = jsonRoute("read", ({ url }, runtime) => {
  const source = panelSourceOf(new URL(url).searchParams);
  checkSource(source, runtime.clock.now());
  return runtime.hub.readPanel(source);
});
