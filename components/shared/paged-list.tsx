import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { nounFor } from "@/core/noun";
import { FIRST_PAGE, type Paged } from "@/core/page";
import { countUpTo } from "./format";
import { ListControls } from "./list-controls";
import { Loaded } from "./loaded";
import { Pages } from "./pages";
import { StaleNotice } from "./stale-notice";
import type { ListPlace } from "./use-list-place";

type PagedListProps<Row> = {
  /** What a row is, in the singular. */
  noun: string;
  /** By what rows are searched, as in "part of a name"; absent: they can't be. */
  searchedBy?: string;
  place: ListPlace;
  list: { data: Paged<Row> | undefined; error: Error | null; isPlaceholderData: boolean };
  /** It is asked for again by itself. */
  isPolled?: boolean;
  children(rows: Row[]): ReactNode;
};

/** A list that the server pages: where it has more than a page, with how much there is, a search and the way to the other pages. */
export function PagedList<Row>({ noun, searchedBy, place, list, isPolled = false, children }: PagedListProps<Row>) {
  const { data, error, isPlaceholderData } = list;
  const of = nounFor(2, noun);
  const hasMore = data !== undefined && data.total > FIRST_PAGE.limit;
  // Whoever empties the search still types in it while the whole list is asked for.
  const isSearched = place.search !== "" || place.typed !== "" || isPlaceholderData;
  // A page behind the last one is not what is asked for: Pages leads away from it.
  const isBehind = data !== undefined && data.data.length === 0 && data.total > 0;
  const count = data && countUpTo(data.total, noun);
  return (
    <Stack gap="sm">
      <StaleNotice error={error} hasData={data !== undefined} isPolled={isPolled} />
      {searchedBy !== undefined && (hasMore || isSearched) && (
        <ListControls of={of} place={place} searchedBy={searchedBy} count={count} />
      )}
      {searchedBy === undefined && hasMore && (
        <Text size="sm" c="dimmed" role="status">
          {count}
        </Text>
      )}
      <Loaded data={isBehind ? undefined : data?.data} error={error}>
        {(rows) =>
          rows.length === 0 && place.typed !== "" ? (
            <Text c="dimmed">
              No {noun} has this in {searchedBy}.
            </Text>
          ) : (
            children(rows)
          )
        }
      </Loaded>
      <Pages
        total={data?.total}
        size={FIRST_PAGE.limit}
        page={place.page}
        label={of}
        isBefore={isPlaceholderData}
        setPage={place.setPage}
      />
    </Stack>
  );
}
