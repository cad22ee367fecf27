import type { LinesOf } from "@/components/charts/lines-of";
import { withCondition } from "@/components/logs/with-condition";
import { splitPipes } from "@/core/analytics/find-pipe";
import type { PanelTime } from "@/core/dashboards/panel-source";

/** The page Logs with a panel's query and time. @param of what of it is meant; absent: all */
export function explorerPath(q: string, time: PanelTime, of?: LinesOf): string {
  const asked = of ? of.conditions.reduce(withCondition, splitPipes(q).lines) : q;
  const { from, to } = of?.time ?? ("from" in time ? time : { from: null, to: null });
  const parameters = new URLSearchParams({ q: asked });
  if (from !== null && to !== null) {
    parameters.set("from", from);
    parameters.set("to", to);
  } else if ("range" in time) parameters.set("range", time.range);
  return `/logs?${parameters.toString()}`;
}
