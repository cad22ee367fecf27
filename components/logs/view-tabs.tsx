"use client";

import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { EXPLORER_VIEWS, type ExplorerView } from "@/core/views/schemas";
import classes from "./logs-page.module.css";

const LABELS: Readonly<Record<ExplorerView, string>> = {
  lines: "Lines",
  patterns: "Patterns",
  chart: "Chart",
  table: "Table",
};

type ViewTabsProps = {
  view: ExplorerView;
  setView(view: ExplorerView): void;
  /** Below the tabs: how much was found. */
  found: ReactNode;
  /** Beside them: when it was. */
  overTime: ReactNode;
  children: ReactNode;
};

/** What is shown of one query and time. The panel is placed by ViewPanel. */
export function ViewTabs({ view, setView, found, overTime, children }: ViewTabsProps) {
  return (
    <Tabs
      value={view}
      onChange={(value) => {
        const chosen = EXPLORER_VIEWS.find((known) => known === value);
        if (chosen) setView(chosen);
      }}
      className={classes.views}
    >
      <div className={classes.head}>
        <div className={classes.tabs}>
          <Tabs.List aria-label="View" className={classes.tabList}>
            {EXPLORER_VIEWS.map((name) => (
              <Tabs.Tab key={name} value={name} className={classes.tab}>
                {LABELS[name]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {found}
        </div>
        {overTime && <div className={classes.overTime}>{overTime}</div>}
      </div>
      {children}
    </Tabs>
  );
}

export const ViewPanel = ({ view, children }: { view: ExplorerView; children: ReactNode }) => (
  <Tabs.Panel value={view} className={classes.entries}>
    {children}
  </Tabs.Panel>
);
