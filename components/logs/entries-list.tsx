"use client";

import { Group, Text } from "@mantine/core";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import type { EntryRows } from "@/components/api/use-search";
import { formatCount } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { useClocks } from "@/components/time-zone/time-zone";
import classes from "./entries-list.module.css";
import { type Neighbours, NO_NEIGHBOURS, neighboursOf } from "./entry/neighbours";
import { EntryRow } from "./entry-row";
import { useActiveRow } from "./use-active-row";

/** In pixels, as the styles have them. */
const ROW_HEIGHT = 26;
const HEAD_HEIGHT = 24;

export type EntriesListProps = {
  rows: EntryRows;
  /** Of the whole list, with what is not among `rows` yet; null when nobody knows. */
  total: number | null;
  columns: readonly string[];
  openId: string | null;
  /** Null closes. */
  open(id: string | null): void;
  /** Is told where the open entry now stands. */
  setNeighbours(neighbours: Neighbours): void;
  /** Is told which rows are in sight: their places, both inclusive. */
  look?(first: number, last: number): void;
  /** Is told whether the first row is in sight. */
  atTop?(isAtTop: boolean): void;
  /** Stands below the list. */
  footer?: ReactNode;
};

/**
 * Only the rows in sight are in the page, so it stays quick with as many as there are. Tab stops at one of them; j, k, arrows, Page
 * Up, Page Down, Home and End go on from there, and take the open entry along; Enter opens.
 */
export function EntriesList(props: EntriesListProps) {
  const { rows, total, columns, openId, open, setNeighbours, look, atTop, footer } = props;
  const frame = useRef<HTMLDivElement>(null);
  const active = useRef(-1);
  const list = useVirtualizer({
    count: rows.count,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
    // What sticks at the top pushes the last row out of sight.
    scrollPaddingEnd: HEAD_HEIGHT,
    // The row with the focus stays in the page wherever the list is scrolled to; else the keyboard would be nowhere.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      const row = active.current;
      return row < 0 || row >= rows.count || shown.includes(row) ? shown : [...shown, row].sort((a, b) => a - b);
    },
  });
  const top = list.scrollOffset ?? 0;
  const height = Math.max(0, (list.scrollRect?.height ?? 0) - HEAD_HEIGHT);
  const first = Math.min(Math.round(top / ROW_HEIGHT), Math.max(0, rows.count - 1));
  const last = Math.min(Math.round((top + height) / ROW_HEIGHT), rows.count) - 1;
  const { format } = useClocks();
  const dayOf = (time: string) => format(time, "yyyy-MM-dd");
  const today = dayOf(new Date().toISOString());
  const isOfOtherDays = [rows.at(first), rows.at(last)].some((entry) => entry && dayOf(entry.timestamp) !== today);
  useEffect(() => look?.(first, Math.max(first, last)), [look, first, last]);
  // A list that goes away holds nothing back any more, and another one begins at its top.
  useEffect(() => () => atTop?.(true), [atTop]);
  useNeighbours(neighboursOf(rows, openId, total), setNeighbours);
  const { activeId, setActiveId, onKeyDown } = useActiveRow({
    rows,
    frame,
    first,
    last,
    scrollTo: (row) => list.scrollToIndex(row),
    openId,
    open,
  });
  active.current = activeId === null ? -1 : rows.indexOf(activeId);
  const stop = active.current < 0 ? first : active.current;
  const shown = list.getVirtualItems();
  return (
    <div className={classes.whole}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons within */}
      <div
        ref={frame}
        className={classes.frame}
        data-days={isOfOtherDays || undefined}
        // Until a row has come, the keyboard stops here: what scrolls must be within its reach.
        tabIndex={shown.some(({ index }) => rows.at(index)) ? undefined : 0}
        onScroll={(event) => atTop?.(event.currentTarget.scrollTop < ROW_HEIGHT)}
        onKeyDown={onKeyDown}
      >
        <div className={classes.head} aria-hidden>
          <span className={classes.time}>time</span>
          <span className={classes.level}>level</span>
          {columns.map((column) => (
            <span key={column} className={classes.cell} data-column={column}>
              {plainText(column)}
            </span>
          ))}
        </div>
        <ul className={classes.list} style={{ height: list.getTotalSize() }} aria-label="Entries">
          {shown.map(({ index, start }) => {
            const entry = rows.at(index);
            return (
              <li
                key={entry?.id ?? index}
                className={classes.item}
                style={{ transform: `translateY(${start}px)` }}
                aria-setsize={total ?? -1}
                aria-posinset={index + 1}
              >
                {entry ? (
                  <EntryRow
                    entry={entry}
                    columns={columns}
                    isOpen={entry.id === openId}
                    isActive={entry.id === activeId}
                    isStop={index === stop}
                    open={open}
                    focus={setActiveId}
                  />
                ) : (
                  <div className={classes.awaited}>…</div>
                )}
              </li>
            );
          })}
        </ul>
      </div>
      <Group justify="space-between" mih={28} gap="xs">
        <Text size="xs" c="dimmed">
          {last < 0 ? "" : `${formatCount(first + 1)} to ${formatCount(last + 1)} of ${totalText(rows.count, total)}`}
        </Text>
        {footer}
      </Group>
    </div>
  );
}

const totalText = (known: number, total: number | null): string =>
  total === null ? `more than ${formatCount(known)}` : formatCount(Math.max(known, total));

/** Tells them when they are others. */
function useNeighbours({ previous, next, position, count }: Neighbours, tell: (neighbours: Neighbours) => void): void {
  useEffect(() => tell({ previous, next, position, count }), [previous, next, position, count, tell]);
  useEffect(() => () => tell(NO_NEIGHBOURS), [tell]);
}
