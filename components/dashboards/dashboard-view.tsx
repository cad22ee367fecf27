"use client";

import { Group, Stack } from "@mantine/core";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { sourceOf } from "@/core/dashboards/chosen";
import type { Definition, Panel } from "@/core/dashboards/definition";
import { isFault } from "@/core/errors";
import classes from "./dashboards.module.css";
import { explorerPath } from "./explorer-path";
import type { Shown } from "./panel-body";
import { PanelFrame, titleOf } from "./panel-frame";
import { ViewMenu } from "./panel-menu";
import { useShown } from "./use-shown";
import { ViewGrid } from "./view-grid";

type DashboardViewProps = {
  definition: Definition;
  head: ReactNode;
  /** Stands in place of panels when there are none. */
  empty: ReactNode;
};

/** A dashboard as it is looked at. */
export function DashboardView({ definition, head, empty }: DashboardViewProps) {
  const router = useRouter();
  const { shown: common, controls, state, setState } = useShown(definition);
  const shown: Shown = { ...common, openLines: (path) => router.push(path) };
  const alone = definition.panels.find(({ id }) => id === state.panel) ?? null;
  const frame = (panel: Panel) => (
    <PanelFrame
      panel={panel}
      shown={shown}
      menu={
        <ViewMenu
          title={titleOf(panel)}
          explorer={explorerOf(panel, shown)}
          isAlone={panel === alone}
          showAlone={() => void setState({ panel: panel === alone ? null : panel.id })}
        />
      }
    />
  );
  return (
    <Stack gap="sm">
      {head}
      <Group justify="space-between">{controls}</Group>
      {definition.panels.length === 0 ? (
        empty
      ) : alone ? (
        <div className={classes.alone}>{frame(alone)}</div>
      ) : (
        <ViewGrid panels={definition.panels}>{frame}</ViewGrid>
      )}
    </Stack>
  );
}

/** Null for what no page of lines shows. */
function explorerOf(panel: Panel, { chosen, time }: Shown): string | null {
  try {
    const source = sourceOf(panel, chosen, time);
    return source !== null && "q" in source ? explorerPath(source.q, source.time) : null;
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}
