"use client";

import { Alert, Button, Loader } from "@mantine/core";
import type { Search } from "@/components/api/use-search";
import { LocalTime } from "@/components/shared/local-time";
import { EntriesList, type EntriesListProps } from "./entries-list";
import { NothingFound } from "./nothing-found";

type SearchResultsProps = {
  search: Search;
  /** Entries that the query selects, as they were counted; null when they could not be. */
  counted: number | null;
  ask(query: string): void;
  /** Shows the time around a moment (ISO 8601). */
  showTime(time: string): void;
} & Pick<EntriesListProps, "columns" | "openId" | "open" | "setNeighbours">;

/** What was found, newest first; more is fetched while one scrolls. */
export function SearchResults({ search, counted, ask, showTime, ...list }: SearchResultsProps) {
  const { answer, rows, total, look, more, searchedUntil, error, isFetching } = search;
  if (rows.count === 0 && error) return null;
  if (total === 0) {
    return <NothingFound found={answer?.nothing_found ?? null} ask={ask} showTime={showTime} />;
  }
  return (
    <>
      {searchedUntil !== null && (
        <Alert color="yellow" role="status" py="xs">
          This search takes long. Everything since <LocalTime time={searchedUntil} span /> has been looked at; load more
          to go on.
        </Alert>
      )}
      <EntriesList
        rows={rows}
        total={total ?? counted}
        {...list}
        look={look}
        footer={
          isFetching ? (
            <Loader size="xs" />
          ) : (
            (searchedUntil !== null || error) && (
              <Button size="compact-sm" variant="default" onClick={more}>
                Load more
              </Button>
            )
          )
        }
      />
    </>
  );
}
