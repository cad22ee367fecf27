import type { Panel, Variable } from "./definition";
import type { PanelSource, PanelTime } from "./panel-source";
import { type Chosen, putVariables } from "./put-variables";

/** What is chosen where the link says nothing. */
export const defaultsOf = (variables: readonly Variable[]): Chosen =>
  Object.fromEntries(variables.map(({ name, values }) => [name, values]));

/**
 * What a panel is computed of, with what is chosen and in which time; null for a text.
 * @throws Fault invalid for a query whose variables stand where they can't
 */
export function sourceOf(panel: Panel, chosen: Chosen, time: PanelTime): PanelSource | null {
  switch (panel.kind) {
    case "query":
      return { kind: "stats", q: putVariables(panel.query, chosen), time };
    case "lines":
      return { kind: "lines", q: putVariables(panel.query, chosen), limit: panel.limit, time };
    case "health":
    case "incidents":
      return { kind: panel.kind, services: servicesOf(panel.service, chosen) };
    case "text":
      return null;
  }
}

/** Of a panel that names a service, or a variable of which services are chosen; none: all. */
function servicesOf(service: string | null, chosen: Chosen): readonly string[] {
  if (service === null) return [];
  const variable = Object.keys(chosen).find((name) => service.toLowerCase() === `$${name.toLowerCase()}`);
  return variable === undefined ? [service] : (chosen[variable] ?? []);
}
