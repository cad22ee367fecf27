import type { SearchResult } from "@/core/search/schemas";

/** Pages whose entries are in memory: what is in sight, what is next to it, and where somebody scrolls back to. */
export const MOST_HELD_PAGES = 10;

/** Rows from the end at which the next page is fetched, before anybody sees it missing. */
const ROWS_AHEAD = 60;

/** Where a page of a search begins. */
export type PageStart = {
  /** Of the API; null for the newest entries. */
  cursor: string | null;
  /** Of its first entry in the whole list. */
  row: number;
};

/**
 * A list of any length of which a few pages are held. Of all others it is known where they begin, so that they are fetched
 * again when they come into sight.
 */
export type SearchPages = {
  /** The last one may not have been fetched yet. */
  starts: readonly PageStart[];
  /** Rows of the whole list; null while there may be more. */
  total: number | null;
  /** Places in `starts`, the latest looked at first. */
  held: readonly number[];
  /** The server's time was up before the last page was full: it is asked for more when somebody wants it. */
  isStopped: boolean;
};

export const FIRST_PAGES: SearchPages = {
  starts: [{ cursor: null, row: 0 }],
  total: null,
  held: [0],
  isStopped: false,
};

/** Rows that are known. */
export const rowsOf = ({ starts, total }: SearchPages): number => total ?? starts.at(-1)?.row ?? 0;

/** The place of the page that a row is on. */
export const placeOf = ({ starts }: SearchPages, row: number): number =>
  Math.max(
    0,
    starts.findLastIndex((start) => start.row <= row),
  );

type LearntPage = Pick<SearchResult, "next_cursor" | "timed_out"> & { entries: readonly unknown[] };

/** What a page that was fetched says of the one after it, which may have changed since it was fetched the last time. */
export function learnPage(pages: SearchPages, cursor: string | null, page: LearntPage): SearchPages {
  const { entries, next_cursor, timed_out } = page;
  const place = pages.starts.findLastIndex((known) => known.cursor === cursor);
  const start = pages.starts[place];
  if (!start) return pages;
  const row = start.row + entries.length;
  const until = pages.starts.slice(0, place + 1);
  if (next_cursor === null) {
    if (pages.total === row && until.length === pages.starts.length) return pages;
    return { ...pages, starts: until, total: row, held: pages.held.filter((held) => held <= place), isStopped: false };
  }
  const known = pages.starts[place + 1];
  if (known?.cursor === next_cursor && known.row === row) return pages;
  if (known?.cursor === next_cursor) {
    const by = row - known.row;
    const after = pages.starts.slice(place + 1).map(({ cursor, row: before }) => ({ cursor, row: before + by }));
    return { ...pages, starts: [...until, ...after], total: pages.total === null ? null : pages.total + by };
  }
  return {
    starts: [...until, { cursor: next_cursor, row }],
    total: null,
    held: pages.held.filter((held) => held <= place),
    isStopped: timed_out,
  };
}

/** Holds the pages of the rows in sight, and the next one when the end is near. */
export function lookAt(pages: SearchPages, first: number, last: number): SearchPages {
  const known = rowsOf(pages);
  const wanted: number[] = [];
  if (known > 0) {
    const to = placeOf(pages, Math.min(last, known - 1));
    for (let place = placeOf(pages, Math.min(first, known - 1)); place <= to; place++) wanted.push(place);
  }
  const end = pages.starts.length - 1;
  if (pages.total === null && !pages.isStopped && last >= known - ROWS_AHEAD) wanted.push(end);
  return hold(pages, wanted);
}

/** Holds the next page, whether anybody sees the end or not. */
export const goOn = (pages: SearchPages): SearchPages =>
  hold({ ...pages, isStopped: false }, pages.total === null ? [pages.starts.length - 1] : []);

function hold(pages: SearchPages, places: readonly number[]): SearchPages {
  const wanted = [...new Set(places)];
  const latest = pages.held.slice(0, wanted.length);
  if (wanted.every((place) => latest.includes(place))) return pages;
  const held = [...new Set([...wanted, ...pages.held])].slice(0, Math.max(MOST_HELD_PAGES, wanted.length));
  return { ...pages, held };
}
