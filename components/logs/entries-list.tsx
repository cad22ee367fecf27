"use client";

import { Group } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import dayjs from "dayjs";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { LEVEL_COLOURS } from "@/components/theme";
import type { Entry } from "@/core/search/schemas";
import { cellOf } from "./columns";
import classes from "./entries-list.module.css";
import { type Neighbours, NO_NEIGHBOURS, neighboursOf } from "./entry/neighbours";
import { EntryMessage } from "./entry-message";
import { MarkedText, useMarks } from "./marks";

const ROW_HEIGHT = 26;

export type EntriesListProps = {
  entries: readonly Entry[];
  columns: readonly string[];
  openId: string | null;
  /** Null closes. */
  open(id: string | null): void;
  /** Where the open entry now stands. */
  setNeighbours(neighbours: Neighbours): void;
  /** The last rows have come into sight. */
  atEnd?(): void;
  /** Whether the first row is in sight. */
  atTop?(isAtTop: boolean): void;
  footer: ReactNode;
};

const colourOf = (level: Entry["level"]) => {
  const colour = LEVEL_COLOURS[level];
  return colour.startsWith("#") ? colour : `var(--mantine-color-${colour.replace(".", "-")})`;
};

/**
 * Only the rows in sight are in the page, so it stays quick with as many as there are. j and k move, and take the open entry
 * along; Enter opens.
 */
export function EntriesList(props: EntriesListProps) {
  const { entries, columns, openId, open, setNeighbours, atEnd, atTop, footer } = props;
  const frame = useRef<HTMLDivElement>(null);
  /** The entry that the keyboard is on: it stays the same when others come before it. */
  const [activeId, setActiveId] = useState<string | null>(null);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  const items = rows.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (entries.length > 0 && lastShown >= entries.length - 30) atEnd?.();
  }, [entries.length, lastShown, atEnd]);
  useEffect(() => setNeighbours(neighboursOf(entries, openId)), [entries, openId, setNeighbours]);
  useEffect(() => () => setNeighbours(NO_NEIGHBOURS), [setNeighbours]);
  const openIndex = useMemo(() => entries.findIndex(({ id }) => id === openId), [entries, openId]);
  const { scrollToIndex } = rows;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes to another one, and does not follow one that others push down
  useEffect(() => {
    if (openIndex < 0) return;
    setActiveId(openId);
    scrollToIndex(openIndex);
  }, [openId, openIndex < 0]);
  const move = (by: number) => {
    const index = entries.findIndex(({ id }) => id === activeId);
    const next = Math.min(entries.length - 1, Math.max(0, index < 0 ? 0 : index + by));
    const id = entries[next]?.id ?? null;
    setActiveId(id);
    scrollToIndex(next);
    if (openId !== null) open(id);
  };
  const openActive = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    // Enter belongs to the button or link that has the focus, but for the rows: j and k may have gone on from that one.
    if (target?.closest("a, button, summary, [role]") && !frame.current?.contains(target)) return;
    event.preventDefault();
    open(activeId ?? openId);
  };
  useHotkeys([
    ["j", () => move(1)],
    ["k", () => move(-1)],
    ["Enter", openActive, { preventDefault: false }],
  ]);
  // Where an entry is closed, the keyboard goes on in the list.
  const wasOpen = useRef(openId !== null);
  useEffect(() => {
    if (wasOpen.current && openId === null && document.activeElement === document.body) {
      frame.current?.querySelector<HTMLElement>("[data-active]")?.focus({ preventScroll: true });
    }
    wasOpen.current = openId !== null;
  }, [openId]);
  return (
    <>
      <div
        ref={frame}
        className={classes.frame}
        onScroll={(event) => atTop?.(event.currentTarget.scrollTop < ROW_HEIGHT)}
      >
        <div className={classes.head} aria-hidden>
          <span className={classes.time}>time</span>
          <span className={classes.level}>level</span>
          {columns.map((column) => (
            <span key={column} className={classes.cell} data-column={column}>
              {column}
            </span>
          ))}
        </div>
        <ul className={classes.list} style={{ height: rows.getTotalSize() }} aria-label="Entries">
          {items.map(({ index, start }) => {
            const entry = entries[index];
            if (!entry) return null;
            return (
              <li key={entry.id} className={classes.item} style={{ transform: `translateY(${start}px)` }}>
                <button
                  type="button"
                  className={classes.row}
                  style={{ height: ROW_HEIGHT, borderLeftColor: colourOf(entry.level) }}
                  aria-current={entry.id === openId}
                  data-active={entry.id === activeId || undefined}
                  onClick={() => {
                    setActiveId(entry.id);
                    open(entry.id);
                  }}
                >
                  <time className={classes.time} dateTime={entry.timestamp} suppressHydrationWarning>
                    <span className={classes.date}>{dayjs(entry.timestamp).format("MM-DD ")}</span>
                    {dayjs(entry.timestamp).format("HH:mm:ss.SSS")}
                  </time>
                  <span className={classes.level}>{entry.level}</span>
                  {columns.map((column) => (
                    <span key={column} className={classes.cell} data-column={column}>
                      {column === "message" ? <EntryMessage entry={entry} /> : <Cell entry={entry} column={column} />}
                    </span>
                  ))}
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      <Group justify="space-between" mt={4} mih={30}>
        {footer}
      </Group>
    </>
  );
}

function Cell({ entry, column }: { entry: Entry; column: string }) {
  const text = cellOf(entry, column);
  return <MarkedText text={text} ranges={useMarks().inField(column, text)} />;
}
