"use client";

import { Alert, Box, Button, Drawer, Flex, Group, Stack, Switch } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconListDetails, IconRefresh } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { ApiError } from "@/components/api/fetch-data";
import { useFacets, useHistogram, useSearch } from "@/components/api/use-logs";
import { PageTitle } from "@/components/shared/page-title";
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
import { timeWith, useLogsState, useWindow, withCondition } from "./logs-state";
import { MarksProvider } from "./marks";
import { QueryBar } from "./query-bar";
import { QueryReadings } from "./query-readings";
import { SearchResults } from "./search-results";
import { TimeRange } from "./time-range";
import { ViewsMenu } from "./views-menu";

/** Facet fields that the query language has names of its own for. */
const OWN_FIELDS: readonly string[] = [...OWN_COLUMNS, "level", "tag"];

/** The explorer: query, time, what was found over time, and the entries. */
export function LogsPage({ startedMs }: { startedMs: number }) {
  const [state, setState] = useLogsState();
  const [started, setStarted] = useState(startedMs);
  const window = useWindow(state, started);
  const query = useMemo(
    () => new URLSearchParams({ q: state.q, from: window.from, to: window.to }).toString(),
    [state.q, window.from, window.to],
  );
  const search = useSearch(`${query}&${listParameters(state.columns)}`);
  const histogram = useHistogram(query);
  const { data: facets } = useFacets(query);
  const attributes = facets?.fields.filter(({ name }) => !OWN_FIELDS.includes(name)) ?? [];
  const [valuesOpen, { open: openValues, close: closeValues }] = useDisclosure();
  const [neighbours, setNeighbours] = useState(NO_NEIGHBOURS);
  const problem = search.error instanceof ApiError ? (search.error.query ?? null) : null;

  const restart = () => setStarted(Date.now());
  const ask = (q: string) => {
    restart();
    closeValues();
    setState({ q, entry: null });
  };
  const answer = search.data?.pages[0];
  // To a pasted line a condition is added as to the query for which it was taken.
  const addCondition = (condition: string) => ask(withCondition(answer?.query ?? state.q, condition));
  const showTime = (time: string) => {
    restart();
    setState({ ...timeWith(time, Date.now()), live: null });
  };
  const setAbsolute = (from: string, to: string) => setState({ from, to, live: null });
  const show = ({ query: q, range, from, to, columns }: SavedView) => {
    restart();
    setState({ q, range, from, to, columns, entry: null, live: null });
  };
  // One entry after the other is one step of the browser's history, so that Back leads to the list.
  const open = (entry: string | null) =>
    setState({ entry }, { history: entry !== null && state.entry !== null ? "replace" : "push" });
  const list = { columns: state.columns, openId: state.entry, open, setNeighbours };
  const { relative } = window;
  const viewState = {
    query: state.q,
    range: relative,
    from: relative === null ? window.from : null,
    to: relative === null ? window.to : null,
    columns: state.columns,
  };

  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <PageTitle>Logs</PageTitle>
        <Group gap="xs">
          <Switch
            label="Live tail"
            checked={state.live}
            onChange={(event) => {
              restart();
              setState({ live: event.currentTarget.checked });
            }}
          />
          {!state.live && (
            <TimeRange
              window={window}
              setRelative={(range) => {
                restart();
                setState({ range, from: null, to: null });
              }}
              setAbsolute={setAbsolute}
            />
          )}
          <ColumnsMenu
            columns={state.columns}
            attributes={attributes.map(({ name }) => name)}
            setColumns={(columns) => setState({ columns })}
          />
          <ViewsMenu state={viewState} show={show} />
          {!state.live && <ExportMenu query={query} total={histogram.data?.total_count ?? null} />}
          {!state.live && (
            <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={restart}>
              Refresh
            </Button>
          )}
        </Group>
      </Group>
      <QueryBar
        q={state.q}
        attributes={attributes}
        problem={problem}
        isSearching={search.isFetching && !search.isFetchingNextPage}
        search={(q) => {
          restart();
          setState({ q: q === "" ? null : q, entry: null });
        }}
      >
        {answer && (
          <QueryReadings
            q={state.q}
            query={answer.query}
            readings={answer.readings}
            entries={answer.entries}
            ask={ask}
          />
        )}
      </QueryBar>
      {search.error && !problem && (
        <Alert color="red" role="alert" title="The search failed">
          {search.error.message}
        </Alert>
      )}
      {histogram.data && !state.live && <HistogramChart histogram={histogram.data} zoom={setAbsolute} />}
      <MarksProvider q={answer?.query ?? state.q}>
        <Flex gap="md" align="start">
          {facets && !state.live && (
            <Box
              w={200}
              visibleFrom="md"
              className={classes.facets}
              data-entry-open={state.entry !== null || undefined}
              style={{ flexShrink: 0 }}
            >
              <FacetList data={facets} addCondition={addCondition} />
            </Box>
          )}
          <Stack flex={1} miw={0} gap="xs">
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
              <LiveTail q={state.q} {...list} />
            ) : (
              <SearchResults
                // Another search begins at its top.
                key={query}
                search={search}
                ask={ask}
                showTime={showTime}
                {...list}
              />
            )}
          </Stack>
          <EntryPane
            id={state.entry}
            neighbours={neighbours}
            step={open}
            close={() => open(null)}
            addCondition={addCondition}
            ask={ask}
            openEntry={(entry) => setState({ entry })}
          />
        </Flex>
      </MarksProvider>
    </Stack>
  );
}
