"use client";

import { Group, Select } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { serverClock } from "@/components/api/server-clock";
import { type Refresh, useRefreshPanels } from "@/components/api/use-dashboards";
import { TimeRange } from "@/components/logs/time-range";
import { IconButton } from "@/components/shared/icon-button";
import { useTimeZone } from "@/components/time-zone/time-zone";
import type { Definition } from "@/core/dashboards/definition";
import type { PanelTime } from "@/core/dashboards/panel-source";
import type { NamedRange } from "@/core/search/named-range";
import { REFRESHES, refreshOf, useChosen, useDashboardState, usePanelTime } from "./dashboard-state";
import type { Shown } from "./panel-body";
import { VariablesBar } from "./variables-bar";
import { WallButton } from "./wall-button";

const REFRESH_LABELS: Readonly<Record<(typeof REFRESHES)[number], string>> = {
  live: "Live",
  "1m": "Every minute",
  "5m": "Every 5 minutes",
  off: "When asked",
};

/** What all panels of a dashboard have in common, as the URL says it, and what changes it. */
export function useShown(definition: Definition) {
  const [state, setState] = useDashboardState();
  const { time, named } = usePanelTime(state, definition);
  const { chosen, choose } = useChosen(definition.variables);
  const setAbsolute = (from: string, to: string) => void setState({ from, to, range: null });
  const refresh: Refresh = refreshOf(state);
  const shown: Shown = { chosen, time, refresh, zoom: setAbsolute };
  const again = useRefreshPanels();
  const controls = (
    <Group gap="xs" align="center">
      <VariablesBar variables={definition.variables} chosen={chosen} time={time} choose={choose} />
      <DashboardTime
        time={time}
        named={named}
        setRange={(range) => void setState({ range, from: null, to: null })}
        setAbsolute={setAbsolute}
      />
      <Select
        aria-label="Refresh"
        allowDeselect={false}
        w={150}
        data={REFRESHES.map((value) => ({ value, label: REFRESH_LABELS[value] }))}
        value={state.refresh}
        onChange={(value) => void setState({ refresh: REFRESHES.find((known) => known === value) ?? null })}
      />
      {refresh !== "live" && (
        <IconButton label="Refresh all panels" onClick={again}>
          <IconRefresh size={18} aria-hidden />
        </IconButton>
      )}
      <WallButton isWall={state.wall} setWall={(wall) => void setState({ wall: wall ? true : null })} />
    </Group>
  );
  return { shown, controls, state, setState };
}

type DashboardTimeProps = {
  time: PanelTime;
  named: NamedRange | null;
  setRange(name: string): void;
  setAbsolute(from: string, to: string): void;
};

/** What a range that moves is just now matters only to who makes another time of it. */
function DashboardTime({ time, named, ...actions }: DashboardTimeProps) {
  const { zone } = useTimeZone();
  const [now, setNow] = useState(() => new Date(serverClock.nowMs()));
  const window = named?.windowAt(now, zone);
  const ends = "from" in time ? time : { from: window?.from.toISOString() ?? "", to: window?.to.toISOString() ?? "" };
  return (
    <TimeRange
      window={{ ...ends, named }}
      {...actions}
      // What stands in its inputs is of then, and not of when the page was opened.
      onOpen={() => setNow(new Date(serverClock.nowMs()))}
    />
  );
}
