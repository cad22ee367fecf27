"use client";

import { Alert, Button, Group, Loader, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useRef } from "react";
import { ApiError } from "@/components/api/fetch-data";
import type { useStats } from "@/components/api/use-logs";
import { Chart } from "@/components/charts/chart";
import type { LinesOf } from "@/components/charts/lines-of";
import type { ChartOptions } from "@/core/charts/chart-options";
import { ChartControls } from "./chart-controls";
import { DownloadMenu } from "./download-menu";
import classes from "./stats.module.css";
import { StatsHead } from "./stats-head";
import { StatsTable } from "./stats-table";

type StatsViewProps = {
  view: "chart" | "table";
  stats: ReturnType<typeof useStats>;
  /** Parameters of GET /api/logs/stats. */
  query: string;
  options: ChartOptions;
  setOptions(options: Partial<ChartOptions>): void;
  /** Names of the series that are drawn; null for all. */
  shown: readonly string[] | null;
  setShown(shown: readonly string[] | null): void;
  zoom(from: string, to: string): void;
  showLines(of: LinesOf): void;
  /** What is computed, as a form; on a phone behind a button. */
  builder: ReactNode;
};

/** What is computed of the lines that a query selects: drawn, or row by row. */
export function StatsView({ builder, ...props }: StatsViewProps) {
  const [isOpen, { toggle }] = useDisclosure();
  const button = (
    <Button
      hiddenFrom="sm"
      size="compact-sm"
      variant={isOpen ? "light" : "default"}
      aria-expanded={isOpen}
      aria-controls={BUILDER}
      onClick={toggle}
    >
      Form
    </Button>
  );
  return (
    <Stack gap="xs" className={classes.results}>
      <div id={BUILDER} className={classes.builder} data-open={isOpen || undefined}>
        {builder}
      </div>
      <Computed {...props} button={button} />
    </Stack>
  );
}

const BUILDER = "what-is-computed";

type ComputedProps = Omit<StatsViewProps, "builder"> & { button: ReactNode };

function Computed({ view, stats, query, options, setOptions, button, ...actions }: ComputedProps) {
  const { data, error, isFetching } = stats;
  const drawing = useRef<HTMLDivElement>(null);
  // What is wrong with the query is told below it.
  if (error instanceof ApiError && error.query) return button;
  if (error) {
    return (
      <Alert color="red" role="alert" title="The table could not be computed">
        {error.message}
      </Alert>
    );
  }
  if (!data) return <Loader role="status" aria-label="Computing" />;
  return (
    <>
      <StatsHead data={data} isFetching={isFetching}>
        <Group gap="xs">
          {button}
          <DownloadMenu query={query} drawing={view === "chart" ? drawing : null} />
        </Group>
      </StatsHead>
      {view === "table" ? (
        <StatsTable key={query} data={data} showLines={actions.showLines} />
      ) : (
        <>
          <ChartControls data={data} options={options} setOptions={setOptions} />
          <div ref={drawing} className={classes.drawing}>
            <Chart data={data} options={options} height="100%" {...actions} />
          </div>
        </>
      )}
    </>
  );
}
