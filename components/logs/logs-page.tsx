"use client";

import { Alert, Box, Button, Drawer, Group, Switch, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconListDetails, IconRefresh } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import { ApiError } from "@/components/api/fetch-data";
import { useFacets, useHistogram, useStats } from "@/components/api/use-logs";
import { useSearch } from "@/components/api/use-search";
import type { LinesOf } from "@/components/charts/lines-of";
import { IconButton } from "@/components/shared/icon-button";
import { MissingNotice } from "@/components/shared/missing-notice";
import { PageTitle } from "@/components/shared/page-title";
import { splitPipes } from "@/core/analytics/find-pipe";
import type { Histogram } from "@/core/search/schemas";
import type { SavedView } from "@/core/views/schemas";
import { listParameters, OWN_COLUMNS } from "./columns";
import { ColumnsMenu } from "./columns-menu";
import { EntryPane } from "./entry/entry-pane";
import { NO_NEIGHBOURS } from "./entry/neighbours";
import { ExportMenu } from "./export-menu";
import { FacetList } from "./facet-list";
import { HistogramChart } from "./histogram-chart";
import { LiveTail } from "./live-tail";
import classes from "./logs-page.module.css";
import { timeWith, useLogsState, useWindow, withCondition, withPipes } from "./logs-state";
import { MarksProvider } from "./marks";
import { QueryBar } from "./query-bar";
import { QueryReadings } from "./query-readings";
import { SearchResults } from "./search-results";
import { StatsResults } from "./stats-results";
import { TimeRange } from "./time-range";
import { ViewsMenu } from "./views-menu";

/** Facet fields that the query language has names of its own for. */
const OWN_FIELDS: readonly string[] = [...OWN_COLUMNS, "level", "tag"];

/** The explorer: query, time, what was found over time, and the entries. */
export function LogsPage({ startedMs }: { startedMs: number }) {
  const [state, setState] = useLogsState();
  const [started, setStarted] = useState(startedMs);
  const window = useWindow(state, started);
  const { lines, pipes } = splitPipes(state.q);
  const query = useMemo(
    () => new URLSearchParams({ q: lines, from: window.from, to: window.to }).toString(),
    [lines, window.from, window.to],
  );
  const asked = { query, askedMs: started };
  const search = useSearch({ query: `${query}&${listParameters(state.columns)}`, askedMs: started });
  const histogram = useHistogram(asked);
  const { data: facets } = useFacets(asked);
  const attributes = facets?.fields.filter(({ name }) => !OWN_FIELDS.includes(name)) ?? [];
  const [valuesOpen, { open: openValues, close: closeValues }] = useDisclosure();
  const [neighbours, setNeighbours] = useState(NO_NEIGHBOURS);
  const isTable = pipes !== null && !state.live;
  const askedStats = { q: state.q, from: window.from, to: window.to };
  const stats = useStats({ ...askedStats, askedMs: started }, isTable);
  const failed = search.error ?? (isTable ? stats.error : null);
  const problem = failed instanceof ApiError ? (failed.query ?? null) : null;

  const isOpen = state.entry !== null;
  // One entry after the other is one step of the browser's history, so that Back leads to the list.
  const open = useCallback(
    (entry: string | null) => void setState({ entry }, { history: entry !== null && isOpen ? "replace" : "push" }),
    [setState, isOpen],
  );
  const restart = () => setStarted(Date.now());
  const ask = (q: string) => {
    restart();
    closeValues();
    setState({ q, entry: null });
  };
  const { answer } = search;
  // To a pasted line a condition is added as to the query for which it was taken.
  const addCondition = (condition: string) => ask(withPipes(withCondition(answer?.query ?? lines, condition), pipes));
  const showLines = ({ conditions, time }: LinesOf) => {
    restart();
    setState({ q: conditions.reduce(withCondition, lines), entry: null, ...(time ?? {}) });
  };
  const showTime = (time: string) => {
    restart();
    setState({ ...timeWith(time, Date.now()), live: null });
  };
  const setAbsolute = (from: string, to: string) => setState({ from, to, live: null });
  const show = ({ query: q, range, from, to, columns }: SavedView) => {
    restart();
    setState({ q, range, from, to, columns, entry: null, live: null });
  };
  const list = { columns: state.columns, openId: state.entry, open, setNeighbours };
  const { named } = window;
  const viewState = {
    query: state.q,
    range: named?.name ?? null,
    from: named === null ? window.from : null,
    to: named === null ? window.to : null,
    columns: state.columns,
  };

  return (
    <div className={classes.page} data-fills-window>
      <VisuallyHidden>
        <PageTitle>Logs</PageTitle>
      </VisuallyHidden>
      <div className={classes.controls}>
        <div className={classes.query}>
          <QueryBar
            q={state.q}
            attributes={attributes}
            problem={problem}
            isSearching={search.isFetching && search.rows.count === 0}
            search={(q) => {
              restart();
              setState({ q: q === "" ? null : q, entry: null });
            }}
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
        </div>
        {!state.live && (
          <TimeRange
            window={window}
            setRange={(range) => {
              restart();
              setState({ range, from: null, to: null });
            }}
            setAbsolute={setAbsolute}
          />
        )}
        <Switch
          label="Live tail"
          styles={{ body: { alignItems: "center", height: 36 } }}
          checked={state.live}
          onChange={(event) => {
            restart();
            setState({ live: event.currentTarget.checked });
          }}
        />
        <Group gap={4}>
          <ColumnsMenu
            columns={state.columns}
            attributes={attributes.map(({ name }) => name)}
            setColumns={(columns) => setState({ columns })}
          />
          <ViewsMenu state={viewState} show={show} />
          {!state.live && <ExportMenu query={query} total={histogram.data?.total_count ?? null} />}
          {!state.live && (
            <IconButton label="Refresh" onClick={restart}>
              <IconRefresh size={18} aria-hidden />
            </IconButton>
          )}
        </Group>
      </div>
      {search.error && !problem && (
        <Alert color="red" role="alert" title="The search failed">
          {search.error.message}
        </Alert>
      )}
      {!state.live && <MissingNotice answers={[...search.pages, histogram.data, facets]} />}
      {histogram.data && !state.live && <HistogramChart histogram={histogram.data} zoom={setAbsolute} />}
      <MarksProvider q={answer?.query ?? lines}>
        <div className={classes.found}>
          {facets && !state.live && (
            <Box className={classes.values} data-entry-open={state.entry !== null || undefined} visibleFrom="md">
              <FacetList data={facets} addCondition={addCondition} />
            </Box>
          )}
          <div className={classes.entries}>
            {facets && facets.fields.length > 0 && !state.live && (
              <Box hiddenFrom="md">
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconListDetails size={14} aria-hidden />}
                  onClick={openValues}
                >
                  Values
                </Button>
                <Drawer opened={valuesOpen} onClose={closeValues} title="Values" size="xs">
                  <FacetList data={facets} addCondition={addCondition} />
                </Drawer>
              </Box>
            )}
            {problem ? null : state.live ? (
              <LiveTail q={lines} {...list} />
            ) : isTable ? (
              <StatsResults
                key={state.q}
                stats={stats}
                query={new URLSearchParams(askedStats).toString()}
                showLines={showLines}
              />
            ) : (
              <SearchResults
                // Another search begins at its top.
                key={`${query} ${started}`}
                search={search}
                counted={countedAll(histogram.data)}
                ask={ask}
                showTime={showTime}
                {...list}
              />
            )}
          </div>
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
    </div>
  );
}

/** How many entries there are in all; null when the server had no time to count them. */
const countedAll = (histogram: Histogram | undefined): number | null =>
  histogram && Date.parse(histogram.counted_from) <= Date.parse(histogram.from) ? histogram.total_count : null;
