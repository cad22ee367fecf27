"use client";

import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { Refresh } from "@/components/api/use-dashboards";
import { useTimeZone } from "@/components/time-zone/time-zone";
import { MINUTE_MS } from "@/core/clock";
import { defaultsOf } from "@/core/dashboards/chosen";
import type { Definition, Variable } from "@/core/dashboards/definition";
import type { PanelTime } from "@/core/dashboards/panel-source";
import type { Chosen } from "@/core/dashboards/put-variables";
import { type NamedRange, readRange } from "@/core/search/named-range";

export const REFRESHES = ["live", "1m", "5m", "off"] as const;

const REFRESH_OF: Readonly<Record<(typeof REFRESHES)[number], Refresh>> = {
  live: "live",
  "1m": MINUTE_MS,
  "5m": 5 * MINUTE_MS,
  off: null,
};

const PARAMETERS = {
  /** Name of a range that moves with the clock; without one that of the dashboard. */
  range: parseAsString,
  from: parseAsString,
  to: parseAsString,
  refresh: parseAsStringLiteral(REFRESHES).withDefault("live"),
  /** Id of the one panel that is shown alone. */
  panel: parseAsString,
  /** For a screen on a wall: without what is around it. */
  wall: parseAsBoolean.withDefault(false),
  edit: parseAsBoolean.withDefault(false),
};

/** Everything that the page shows is in the URL; what is being changed is not. */
export const useDashboardState = () => useQueryStates(PARAMETERS, { history: "push" });

export type DashboardState = ReturnType<typeof useDashboardState>[0];

export const refreshOf = ({ refresh }: Pick<DashboardState, "refresh">): Refresh => REFRESH_OF[refresh];

/** The time that panels are of, and the range by its name; null for one that does not move. */
export function usePanelTime({ range, from, to }: DashboardState, definition: Pick<Definition, "range">) {
  const { zone } = useTimeZone();
  return useMemo((): { time: PanelTime; named: NamedRange | null } => {
    if (from !== null && to !== null && Date.parse(from) < Date.parse(to)) {
      return { time: { from: new Date(from).toISOString(), to: new Date(to).toISOString(), zone }, named: null };
    }
    const named = (range === null ? null : readRange(range)) ?? readRange(definition.range);
    if (!named) throw new Error("the range of the dashboard is none");
    return { time: { range: named.name, zone }, named };
  }, [range, from, to, zone, definition.range]);
}

const parameterOf = ({ name }: Variable) => `var-${name.toLowerCase()}`;

/** In the URL for all that were chosen; absent for what is chosen by the dashboard. */
export function useChosen(variables: readonly Variable[]) {
  const parsers = Object.fromEntries(
    variables.map((variable) => [
      parameterOf(variable),
      parseAsArrayOf(parseAsString).withDefault([...variable.values]),
    ]),
  );
  const [values, setValues] = useQueryStates(parsers, { history: "push" });
  const chosen: Chosen = {
    ...defaultsOf(variables),
    ...Object.fromEntries(
      variables.flatMap((variable) => {
        const value = values[parameterOf(variable)];
        return value ? [[variable.name, value.filter((one) => one !== "")]] : [];
      }),
    ),
  };
  return {
    chosen,
    choose: (variable: Variable, to: readonly string[]) => setValues({ [parameterOf(variable)]: [...to] }),
  };
}
