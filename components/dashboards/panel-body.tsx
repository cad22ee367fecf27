"use client";

import { Alert, Center, Loader, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { IncidentsTable } from "@/components/alerts/incidents-table";
import { type Refresh, usePanel } from "@/components/api/use-dashboards";
import { Chart } from "@/components/charts/chart";
import { LeftOut } from "@/components/charts/left-out";
import { ServicesTable } from "@/components/overview/services-table";
import { CutNote } from "@/components/shared/cut-note";
import { MissingNotice } from "@/components/shared/missing-notice";
import { sourceOf } from "@/core/dashboards/chosen";
import type { Panel } from "@/core/dashboards/definition";
import { PANEL_ANSWERS, type PanelSource, type PanelTime } from "@/core/dashboards/panel-source";
import type { Chosen } from "@/core/dashboards/put-variables";
import { isFault } from "@/core/errors";
import type { Completeness } from "@/core/segments/schemas";
import classes from "./dashboards.module.css";
import { explorerPath } from "./explorer-path";
import { LinesList } from "./lines-list";
import { MarkdownText } from "./markdown-text";
import { Scrolled } from "./scrolled";
import { StatsTable } from "./stats-table";

/** What all panels of a dashboard have in common. */
export type Shown = {
  chosen: Chosen;
  time: PanelTime;
  refresh: Refresh;
  /** Narrows the time of all panels (ISO 8601, to exclusive). */
  zoom?(from: string, to: string): void;
  /** Leads to a page of lines; absent where that would lose what is being changed. */
  openLines?(path: string): void;
};

type Of<Kind extends PanelSource["kind"]> = {
  source: Extract<PanelSource, { kind: Kind }>;
  panel: Panel;
  shown: Shown;
};

/** What a panel shows, within the height that it is given. */
export function PanelBody({ panel, shown }: { panel: Panel; shown: Shown }) {
  const source = sourceOrProblem(panel, shown);
  if (source === null) return panel.kind === "text" ? <MarkdownText text={panel.text} title={panel.title} /> : null;
  if ("problem" in source) return <Problem message={source.problem} />;
  switch (source.kind) {
    case "stats":
      return <StatsBody source={source} panel={panel} shown={shown} />;
    case "lines":
      return <LinesBody source={source} panel={panel} shown={shown} />;
    case "health":
      return <HealthBody source={source} panel={panel} shown={shown} />;
    case "incidents":
      return <IncidentsBody source={source} panel={panel} shown={shown} />;
  }
}

function sourceOrProblem(panel: Panel, { chosen, time }: Shown): PanelSource | { problem: string } | null {
  try {
    return sourceOf(panel, chosen, time);
  } catch (error) {
    if (isFault(error)) return { problem: error.message };
    throw error;
  }
}

function StatsBody({ source, panel, shown }: Of<"stats">) {
  const told = usePanel(source, PANEL_ANSWERS.stats, shown.refresh);
  if (panel.kind !== "query") return null;
  const { zoom, openLines } = shown;
  return (
    <Answered {...told} notes={(answer) => <LeftOut data={answer} />}>
      {(answer) =>
        panel.as === "table" ? (
          <StatsTable data={answer} title={panel.title} unit={panel.chart.unit} />
        ) : (
          <Chart
            data={answer}
            options={panel.chart}
            height="100%"
            title={panel.title === "" ? undefined : panel.title}
            zoom={zoom}
            showLines={openLines && ((of) => openLines(explorerPath(source.q, source.time, of)))}
          />
        )
      }
    </Answered>
  );
}

function LinesBody({ source, panel, shown }: Of<"lines">) {
  const told = usePanel(source, PANEL_ANSWERS.lines, shown.refresh);
  return (
    <Answered {...told}>
      {({ entries, timed_out }) => (
        <Scrolled title={panel.title}>
          <LinesList
            entries={entries}
            isCut={timed_out}
            pathOf={(id) => `${explorerPath(source.q, source.time)}&entry=${id}`}
          />
        </Scrolled>
      )}
    </Answered>
  );
}

function HealthBody({ source, panel, shown }: Of<"health">) {
  const told = usePanel(source, PANEL_ANSWERS.health, shown.refresh);
  return (
    <Answered {...told}>
      {({ services, total }) => (
        <Scrolled title={panel.title}>
          {services.length > 0 ? (
            <ServicesTable services={services} />
          ) : (
            <Text c="dimmed">
              {source.services.length > 0 ? "It has never sent an entry." : "No service has sent anything yet."}
            </Text>
          )}
          {total > services.length && (
            <CutNote shown={services.length} total={total} of="services" by="the service of the panel" />
          )}
        </Scrolled>
      )}
    </Answered>
  );
}

function IncidentsBody({ source, panel, shown }: Of<"incidents">) {
  const told = usePanel(source, PANEL_ANSWERS.incidents, shown.refresh);
  return (
    <Answered {...told}>
      {({ incidents, has_more }) => (
        <Scrolled title={panel.title}>
          <IncidentsTable incidents={incidents} empty="No incident is open." />
          {has_more && <CutNote shown={incidents.length} of="incidents" by="the service of the panel" />}
        </Scrolled>
      )}
    </Answered>
  );
}

type AnsweredProps<Answer> = {
  data: Answer | undefined;
  error: string | null;
  isBehind: boolean;
  /** It answers what was asked before. */
  isBefore: boolean;
  /** Stands above it. */
  notes?(answer: Answer): ReactNode;
  children(answer: Answer): ReactNode;
};

/** What was told last, what is wrong, or that it is on its way. */
function Answered<Answer extends object>(props: AnsweredProps<Answer>) {
  const { data, error, isBehind, isBefore, notes, children } = props;
  if (error !== null) return <Problem message={error} />;
  if (!data || isBefore) {
    return (
      <Center h="100%">
        <Loader size="sm" aria-label="Computing" />
      </Center>
    );
  }
  return (
    <>
      {isBehind && (
        <Text size="xs" c="orange" role="status">
          Not up to date: the server can't be asked just now.
        </Text>
      )}
      <MissingNotice answers={[isComplete(data) ? data : undefined]} />
      {notes?.(data)}
      <div className={classes.answer}>{children(data)}</div>
    </>
  );
}

const isComplete = (answer: object): answer is Completeness => "missing_segments" in answer;

const Problem = ({ message }: { message: string }) => (
  <Alert color="red" variant="light" p="xs" title="This panel can't be shown">
    {message}
  </Alert>
);
