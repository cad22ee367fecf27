"use client";

import { useHotkeys } from "@mantine/hooks";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { EntryRows } from "@/components/api/use-search";

type ActiveRow = {
  rows: EntryRows;
  /** Within which the rows are. */
  frame: RefObject<HTMLElement | null>;
  /** Places of rows in sight, both inclusive. */
  first: number;
  last: number;
  scrollTo(row: number): void;
  openId: string | null;
  open(id: string): void;
};

/** Which row the keyboard is on: that of an entry, so that it stays the same when others come before it. */
export function useActiveRow({ rows, frame, first, last, scrollTo, openId, open }: ActiveRow) {
  const [activeId, setActiveId] = useState<string | null>(null);
  /** Where the keyboard wants to, whose entry is on its way. */
  const [target, setTarget] = useState<number | null>(null);
  /** What gets the focus as soon as it is in the page. */
  const awaited = useRef<string | null>(null);
  const focusAwaited = () => {
    const id = awaited.current;
    const row = id === null ? null : frame.current?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(id)}"]`);
    if (!row) return;
    awaited.current = null;
    row.focus({ preventScroll: true });
  };
  const arriveAt = (id: string) => {
    setTarget(null);
    setActiveId(id);
    // With an entry open the keyboard leads from one to the next.
    if (openId !== null) return open(id);
    awaited.current = id;
    focusAwaited();
  };
  const arrived = target === null ? undefined : rows.at(target);
  useEffect(() => {
    if (arrived) arriveAt(arrived.id);
    focusAwaited();
  });

  const moveTo = (row: number) => {
    if (rows.count === 0) return;
    const within = Math.min(rows.count - 1, Math.max(0, row));
    scrollTo(within);
    const entry = rows.at(within);
    if (entry) arriveAt(entry.id);
    else setTarget(within);
  };
  const current = rows.indexOf(openId ?? activeId ?? "");
  const move = (by: number) => moveTo(current < 0 ? first : current + by);
  useHotkeys([
    ["j", () => move(1)],
    ["k", () => move(-1)],
  ]);
  const isThere = openId !== null && current >= 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes to another one, and does not follow one that others push down
  useEffect(() => {
    if (!isThere) return;
    setActiveId(openId);
    scrollTo(current);
  }, [openId, isThere]);
  // Where an entry is closed, the keyboard goes on in the list.
  const wasOpen = useRef(openId !== null);
  useEffect(() => {
    if (wasOpen.current && openId === null && document.activeElement === document.body) {
      awaited.current = activeId;
      focusAwaited();
    }
    wasOpen.current = openId !== null;
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rowOfKey(event.key, { from: current < 0 ? first : current, page: Math.max(1, last - first), rows });
    if (row === null) return;
    event.preventDefault();
    moveTo(row);
  };
  return { activeId, setActiveId, onKeyDown };
}

type Step = { from: number; page: number; rows: EntryRows };

/** Where a key leads to; null for one that leads nowhere. */
function rowOfKey(key: string, { from, page, rows }: Step): number | null {
  switch (key) {
    case "ArrowDown":
      return from + 1;
    case "ArrowUp":
      return from - 1;
    case "PageDown":
      return from + page;
    case "PageUp":
      return from - page;
    case "Home":
      return 0;
    case "End":
      return rows.count - 1;
    default:
      return null;
  }
}
