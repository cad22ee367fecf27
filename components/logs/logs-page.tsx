"use client";

import { Alert, Box, Drawer, useMatches, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useState } from "react";
import { ApiError } from "@/components/api/fetch-data";
import { serverClock } from "@/components/api/server-clock";
import { useFacets, useHistogram, useStats } from "@/components/api/use-logs";
import { useSearch } from "@/components/api/use-search";
import type { LinesOf } from "@/components/charts/lines-of";
import { AddToDashboard } from "@/components/dashboards/add-to-dashboard";
import { MissingNotice } from "@/components/shared/missing-notice";
import { PageTitle } from "@/components/shared/page-title";
import { useTimeZone } from "@/components/time-zone/time-zone";
import { splitPipes } from "@/core/analytics/find-pipe";
import type { ChartOptions } from "@/core/charts/chart-options";
import { MINUTE_MS } from "@/core/clock";
import { searchedTerms } from "@/core/search/query/searched-terms";
import { textProblem } from "@/core/search/query/text-problem";
import type { Histogram } from "@/core/search/schemas";
import type { ExplorerView, SavedView } from "@/core/views/schemas";
import { StatsBuilder } from "./builder/stats-builder";
import { listParameters, OWN_COLUMNS } from "./columns";
import { ColumnsMenu } from "./columns-menu";
import { EntryPane } from "./entry/entry-pane";
import { NO_NEIGHBOURS } from "./entry/neighbours";
import { ExportMenu } from "./export-menu";
import { FacetList } from "./facet-list";
import { FailedCounts } from "./failed-counts";
import { FoundPatterns } from "./found-patterns";
import { FoundCount, HistogramChart } from "./histogram-chart";
import { LiveTail } from "./live-tail";
import { LogsControls } from "./logs-controls";
import classes from "./logs-page.module.css";
import { type LogsChange, timeWith, useLogsState, useWindow, withPipes } from "./logs-state";
import { MarksProvider } from "./marks";
import { QueryBar } from "./query-bar";
import { QueryReadings } from "./query-readings";
import { SearchResults } from "./search-results";
import { StatsView } from "./stats-view";
import { TimeRange } from "./time-range";
import { DEFAULT_PIPES, isSameMeasure, viewAfter, viewFor } from "./view-of";
import { ViewPanel, ViewTabs } from "./view-tabs";
import { ViewsMenu } from "./views-menu";
import { withCondition } from "./with-condition";

/** Facet fields that the query language has names of its own for. */
const OWN_FIELDS: readonly string[] = [...OWN_COLUMNS, "level", "tag"];

/** The explorer: query, time, what was found over time, and the entries. */
export function LogsPage({ startedMs }: { startedMs: number }) {
  const [state, setState] = useLogsState();
  const [started, setStarted] = useState(startedMs);
  const window = useWindow(state, started);
  const { zone } = useTimeZone();
  const { lines, pipes } = splitPipes(state.q);
  const view = state.live ? "lines" : (state.view ?? viewFor(pipes));
  const isComputed = view === "chart" || view === "table";
  const query = useMemo(
    () => new URLSearchParams({ q: lines, from: window.from, to: window.to }).toString(),
    [lines, window.from, window.to],
  );
  const asked = { query, askedMs: started };
  const search = useSearch({ query: `${query}&${listParameters(state.columns)}`, askedMs: started });
  const histogram = useHistogram(asked);
  const values = useFacets(asked);
  const facets = values.data;
  // Of the search before it says nothing of this one.
  const total = histogram.isPlaceholderData ? null : countedAll(histogram.data);
  const attributes = facets?.fields.filter(({ name }) => !OWN_FIELDS.includes(name)) ?? [];
  const [valuesOpen, { open: openValues, close: closeValues }] = useDisclosure();
  const [neighbours, setNeighbours] = useState(NO_NEIGHBOURS);
  const askedStats = { q: withPipes(lines, pipes ?? DEFAULT_PIPES), from: window.from, to: window.to, zone };
  const stats = useStats({ ...askedStats, askedMs: started }, isComputed);
  const failed = search.error ?? (isComputed ? stats.error : null);
  const refused = failed instanceof ApiError ? (failed.query ?? null) : null;
  const whole = isComputed ? askedStats.q : lines;
  const tooMuch = textProblem(whole);
  const problem = tooMuch ?? refused;
  // What a search is told of are places in the lines, also where a table is asked for.
  const wrong = problem && { asked: tooMuch || !search.error ? whole : lines, problem };

  const isOpen = state.entry !== null;
  // One entry after the other is one step of the browser's history, so that Back leads to the list.
  const open = useCallback(
    (entry: string | null) => void setState({ entry }, { history: entry !== null && isOpen ? "replace" : "push" }),
    [setState, isOpen],
  );
  const restart = () => setStarted(serverClock.nowMs());
  // A page that was kept to go back to ends where it ended then.
  useEffect(() => {
    if (serverClock.isOlderThan(startedMs, MINUTE_MS)) setStarted(serverClock.nowMs());
  }, [startedMs]);
  /** Another query or time: what was on a page of its list is elsewhere, or nowhere. */
  const searchFor = (change: LogsChange) => {
    restart();
    setState({ ...change, page: null });
  };
  const ask = (q: string) => {
    closeValues();
    const asked = splitPipes(q).pipes;
    searchFor({
      q: q === "" ? null : q,
      entry: null,
      // Of other groups other series are shown, and what else is computed has a unit of its own.
      ...(asked === pipes ? {} : { series: null }),
      ...(isSameMeasure(pipes, asked) ? {} : { unit: null, measure: null }),
      view: viewAfter(state.view, pipes, asked),
    });
  };
  const { answer } = search;
  // To a pasted line a condition is added as to the query for which it was taken.
  const withConditions = (conditions: readonly string[]) =>
    withPipes(conditions.reduce(withCondition, answer?.query ?? lines), pipes);
  const addCondition = (condition: string) => ask(withConditions([condition]));
  const showLines = ({ conditions, time }: LinesOf) =>
    searchFor({ q: withConditions(conditions), view: "lines", entry: null, ...(time ?? {}) });
  const showView = (chosen: ExplorerView) => setState({ view: chosen, live: null, entry: null });
  const showTime = (time: string) => searchFor({ ...timeWith(time, serverClock.nowMs()), live: null });
  const setAbsolute = (from: string, to: string) => searchFor({ from, to, live: null });
  const show = ({
    query: q,
    range,
    from,
    to,
    columns,
    view: saved,
    chart: { kind, unit, log, measure },
  }: SavedView) => {
    const chart = { kind, unit, log, measure, series: null };
    searchFor({ q, range, from, to, columns, view: saved, ...chart, entry: null, live: null });
  };
  const list = { columns: state.columns, openId: state.entry, open, setNeighbours };
  const { named } = window;
  const { kind, unit, log, measure } = state;
  const chart: ChartOptions = { kind, unit, log, measure };
  const viewState = {
    query: state.q,
    range: named?.name ?? null,
    from: named === null ? window.from : null,
    to: named === null ? window.to : null,
    columns: state.columns,
    view: state.view,
    chart,
  };
  const panel = isComputed
    ? ({
        query: withPipes(answer?.query ?? lines, pipes ?? DEFAULT_PIPES),
        chart,
        as: view === "table" ? "table" : "chart",
      } as const)
    : { query: answer?.query ?? lines };
  // On a phone nobody can drag over it, and the first line comes first; Chart has it.
  const hasHistogram = useMatches({ base: false, sm: true }) && !state.live && !isComputed;
  const hasValues = facets !== undefined && facets.fields.length > 0 && !state.live;

  return (
    <div className={classes.page} data-fills-window>
      <VisuallyHidden>
        <PageTitle>Logs</PageTitle>
      </VisuallyHidden>
      <LogsControls
        queryBar={
          <QueryBar
            q={state.q}
            attributes={attributes}
            wrong={wrong}
            isSearching={search.isFetching && search.rows.count === 0}
            search={ask}
          >
            {answer && (
              <QueryReadings
                q={lines}
                query={answer.query}
                readings={answer.readings}
                attributes={attributes.map(({ name }) => name)}
                ask={(q) => ask(withPipes(q, pipes))}
              />
            )}
          </QueryBar>
        }
        timeRange={
          !state.live && (
            <TimeRange
              window={window}
              setRange={(range) => searchFor({ range, from: null, to: null })}
              setAbsolute={setAbsolute}
            />
          )
        }
        openValues={hasValues ? openValues : null}
        conditions={searchedTerms(lines).length}
        isLive={state.live}
        setLive={(live) => {
          restart();
          setState({ live });
        }}
        refresh={state.live ? null : restart}
      >
        {view === "lines" && (
          <ColumnsMenu
            columns={state.columns}
            attributes={attributes.map(({ name }) => name)}
            setColumns={(columns) => setState({ columns })}
          />
        )}
        <ViewsMenu state={viewState} show={show} />
        {/* What it said of another query would not be true of this one. */}
        {!problem && <AddToDashboard key={JSON.stringify(panel)} {...panel} />}
        {!state.live && !isComputed && <ExportMenu query={query} total={total} />}
      </LogsControls>
      {search.error && !problem && (
        <Alert color="red" role="alert" title="The search failed">
          {search.error.message}
        </Alert>
      )}
      {!state.live && !problem && (
        <FailedCounts counts={{ "The entries over time": isComputed ? null : histogram, "The values": values }} />
      )}
      {!state.live && <MissingNotice answers={[...search.pages, histogram.data, facets]} />}
      <ViewTabs
        view={view}
        setView={showView}
        found={
          histogram.data &&
          !state.live &&
          !isComputed && <FoundCount histogram={histogram.data} isOld={histogram.isPlaceholderData} />
        }
        overTime={hasHistogram && histogram.data && <HistogramChart histogram={histogram.data} zoom={setAbsolute} />}
      >
        <MarksProvider q={answer?.query ?? lines}>
          <div className={classes.found}>
            {facets && !state.live && (
              <Box className={classes.values} data-entry-open={state.entry !== null || undefined} visibleFrom="md">
                <FacetList data={facets} isOld={values.isPlaceholderData} asked={asked} addCondition={addCondition} />
              </Box>
            )}
            {hasValues && (
              <Drawer opened={valuesOpen} onClose={closeValues} title="Values" size="xs">
                <FacetList data={facets} isOld={values.isPlaceholderData} asked={asked} addCondition={addCondition} />
              </Drawer>
            )}
            <ViewPanel view={view}>
              {problem ? null : state.live ? (
                <LiveTail q={lines} {...list} />
              ) : isComputed ? (
                <StatsView
                  view={view}
                  stats={stats}
                  query={new URLSearchParams(askedStats).toString()}
                  options={chart}
                  setOptions={setState}
                  shown={state.series}
                  setShown={(series) => setState({ series: series === null ? null : [...series] })}
                  zoom={setAbsolute}
                  showLines={showLines}
                  builder={
                    <StatsBuilder
                      pipes={pipes}
                      attributes={attributes.map(({ name }) => name)}
                      setPipes={(written) => ask(withPipes(lines, written))}
                    />
                  }
                />
              ) : view === "patterns" ? (
                <FoundPatterns
                  asked={asked}
                  page={Math.max(1, state.page)}
                  setPage={(page, how) => setState({ page }, how)}
                  showLines={(condition) => showLines({ conditions: [condition], time: null })}
                />
              ) : (
                <SearchResults
                  // Another search begins at its top.
                  key={`${query} ${started}`}
                  search={search}
                  counted={total}
                  ask={ask}
                  showTime={showTime}
                  {...list}
                />
              )}
            </ViewPanel>
            <EntryPane
              id={state.entry}
              neighbours={neighbours}
              step={open}
              close={() => open(null)}
              addCondition={addCondition}
              ask={ask}
              openEntry={(entry) => setState({ entry })}
            />
          </div>
        </MarksProvider>
      </ViewTabs>
    </div>
  );
}

/** How many entries there are in all; null when the server had no time to count them. */
const countedAll = (histogram: Histogram | undefined): number | null =>
  histogram && Date.parse(histogram.counted_from) <= Date.parse(histogram.from) ? histogram.total_count : null;
