"use client";

import { Alert, Box, Button, Flex, Group, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconRefresh } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import { ApiError } from "@/components/api/fetch-data";
import { useHistogram, useSearch } from "@/components/api/use-logs";
import { LocalTime } from "@/components/shared/local-time";
import { PageTitle } from "@/components/shared/page-title";
import { EntriesList } from "./entries-list";
import { EntryDetail } from "./entry-detail";
import { ExportMenu } from "./export-menu";
import { FacetList } from "./facet-list";
import { HistogramChart } from "./histogram-chart";
import { useLogsState, useWindow, withCondition } from "./logs-state";
import { QueryBar } from "./query-bar";
import { TimeRange } from "./time-range";

/** The explorer: query, time, what was found over time, and the entries. */
export function LogsPage({ services, startedMs }: { services: readonly string[]; startedMs: number }) {
  const [state, setState] = useLogsState();
  const [started, setStarted] = useState(startedMs);
  const window = useWindow(state, started);
  const query = useMemo(
    () => new URLSearchParams({ q: state.q, from: window.from, to: window.to }).toString(),
    [state.q, window.from, window.to],
  );
  const search = useSearch(query);
  const histogram = useHistogram(query);
  const [active, setActive] = useState(-1);
  const entries = useMemo(() => search.data?.pages.flatMap((page) => page.entries) ?? [], [search.data]);
  const lastPage = search.data?.pages.at(-1);
  const problem = search.error instanceof ApiError ? (search.error.query ?? null) : null;

  const { fetchNextPage } = search;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const restart = () => {
    setStarted(Date.now());
    setActive(-1);
  };
  const move = (by: number) => setActive((index) => Math.min(entries.length - 1, Math.max(0, index + by)));
  useHotkeys([
    ["j", () => move(1)],
    ["k", () => move(-1)],
    ["Enter", () => setState({ entry: entries[active]?.id ?? state.entry })],
    ["Escape", () => setState({ entry: null })],
  ]);
  const addCondition = (condition: string) => {
    restart();
    setState({ q: withCondition(state.q, condition), entry: null });
  };
  const setAbsolute = (from: string, to: string) => setState({ from, to });

  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <PageTitle>Logs</PageTitle>
        <Group gap="xs">
          <TimeRange
            window={window}
            setRelative={(range) => {
              restart();
              setState({ range, from: null, to: null });
            }}
            setAbsolute={setAbsolute}
          />
          <ExportMenu query={query} total={histogram.data?.total_count ?? null} />
          <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={restart}>
            Refresh
          </Button>
        </Group>
      </Group>
      <QueryBar
        q={state.q}
        services={services}
        problem={problem}
        isSearching={search.isFetching && !search.isFetchingNextPage}
        search={(q) => {
          restart();
          setState({ q: q === "" ? null : q, entry: null });
        }}
      />
      {search.error && !problem && (
        <Alert color="red" role="alert" title="The search failed">
          {search.error.message}
        </Alert>
      )}
      {histogram.data && <HistogramChart histogram={histogram.data} zoom={setAbsolute} />}
      {lastPage?.timed_out && (
        <Alert color="yellow" role="status">
          This search takes long. Everything since <LocalTime time={lastPage.searched_until} span /> has been looked at;
          load more to go on.
        </Alert>
      )}
      <Flex gap="md" align="start">
        <Box w={200} visibleFrom="md" style={{ flexShrink: 0 }}>
          <FacetList query={query} addCondition={addCondition} />
        </Box>
        <Box flex={1} miw={0}>
          {search.isError ? null : search.isSuccess && entries.length === 0 && !search.hasNextPage ? (
            <Text c="dimmed">
              Nothing found in this time. Try a wider time range, fewer words, or look whether <b>NOT</b> takes away too
              much.
            </Text>
          ) : (
            <EntriesList
              entries={entries}
              active={active}
              openId={state.entry}
              open={(entry, index) => {
                setActive(index);
                setState({ entry: entry.id });
              }}
              hasMore={search.hasNextPage}
              isLoading={search.isFetching}
              more={more}
            />
          )}
        </Box>
      </Flex>
      <EntryDetail
        id={state.entry}
        close={() => setState({ entry: null })}
        addCondition={addCondition}
        openEntry={(entry) => setState({ entry })}
      />
    </Stack>
  );
}
