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
  /** Null closes. */
  open(id: string | null): void;
};

/** Which row the keyboard is on: that of an entry, so that it stays the same when others come before it. */
export function useActiveRow({ rows, frame, first, last, scrollTo, openId, open }: ActiveRow) {
  const [activeId, setActiveId] = useState<string | null>(null);
  /** Where the keyboard wants to: its entry may be on its way. */
  const [target, setTarget] = useState<number | null>(null);
  const takesFocus = useRef(false);
  const entry = target === null ? undefined : rows.at(target);
  useEffect(() => {
    if (!entry) return;
    setTarget(null);
    setActiveId(entry.id);
    // With an entry open the keyboard leads from one to the next.
    if (openId !== null) open(entry.id);
    else takesFocus.current = true;
  }, [entry, openId, open]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the row is in the page
  useEffect(() => {
    if (!takesFocus.current) return;
    takesFocus.current = false;
    frame.current?.querySelector<HTMLElement>("[data-active]")?.focus({ preventScroll: true });
  }, [activeId, target]);

  const moveTo = (row: number) => {
    if (rows.count === 0) return;
    const within = Math.min(rows.count - 1, Math.max(0, row));
    setTarget(within);
    scrollTo(within);
  };
  const current = rows.indexOf(openId ?? activeId ?? "");
  const move = (by: number) => moveTo(current < 0 ? first : current + by);
  useHotkeys([
    ["j", () => move(1)],
    ["k", () => move(-1)],
    ["Escape", () => open(null)],
  ]);
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
