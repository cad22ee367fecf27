"use client";

import { Alert, Button, Loader, Text } from "@mantine/core";
import { useCallback, useMemo } from "react";
import type { useSearch } from "@/components/api/use-logs";
import { formatCount } from "@/components/shared/format";
import { LocalTime } from "@/components/shared/local-time";
import { EntriesList, type EntriesListProps } from "./entries-list";
import { NothingFound } from "./nothing-found";

type SearchResultsProps = {
  search: ReturnType<typeof useSearch>;
  ask(query: string): void;
  /** Shows the time around a moment (ISO 8601). */
  showTime(time: string): void;
} & Pick<EntriesListProps, "columns" | "openId" | "open" | "setNeighbours">;

/** What was found, newest first; more is fetched at the end of the list. */
export function SearchResults({ search, ask, showTime, ...list }: SearchResultsProps) {
  const { data, fetchNextPage, hasNextPage, isFetching, isError, isSuccess } = search;
  const entries = useMemo(() => data?.pages.flatMap((page) => page.entries) ?? [], [data]);
  const lastPage = data?.pages.at(-1);
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  if (isError) return null;
  if (isSuccess && entries.length === 0 && !hasNextPage) {
    return <NothingFound found={lastPage?.nothing_found ?? null} ask={ask} showTime={showTime} />;
  }
  return (
    <>
      {lastPage?.timed_out && (
        <Alert color="yellow" role="status">
          This search takes long. Everything since <LocalTime time={lastPage.searched_until} span /> has been looked at;
          load more to go on.
        </Alert>
      )}
      <EntriesList
        entries={entries}
        {...list}
        atEnd={more}
        footer={
          <>
            <Text size="xs" c="dimmed">
              {formatCount(entries.length)} shown{hasNextPage ? "" : ", that is all"}
            </Text>
            {isFetching ? (
              <Loader size="xs" />
            ) : (
              hasNextPage && (
                <Button size="compact-sm" variant="default" onClick={more}>
                  Load more
                </Button>
              )
            )}
          </>
        }
      />
    </>
  );
}
