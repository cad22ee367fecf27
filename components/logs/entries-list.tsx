"use client";

import { Box, Button, Group, Loader, Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import dayjs from "dayjs";
import { useEffect, useRef } from "react";
import { LEVEL_COLOURS } from "@/components/theme";
import type { Entry } from "@/core/search/schemas";
import classes from "./entries-list.module.css";

const ROW_HEIGHT = 26;

type EntriesListProps = {
  entries: readonly Entry[];
  /** Index of the row that the keyboard is on; -1 for none. */
  active: number;
  openId: string | null;
  open(entry: Entry, index: number): void;
  hasMore: boolean;
  isLoading: boolean;
  more(): void;
};

const colourOf = (level: Entry["level"]) => {
  const colour = LEVEL_COLOURS[level];
  return colour.startsWith("#") ? colour : `var(--mantine-color-${colour.replace(".", "-")})`;
};

/** Only the rows in sight are in the page, so it stays quick with as many as there are. More are fetched at the end. */
export function EntriesList({ entries, active, openId, open, hasMore, isLoading, more }: EntriesListProps) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  const items = rows.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoading && entries.length > 0 && lastShown >= entries.length - 30) more();
  }, [hasMore, isLoading, entries.length, lastShown, more]);
  useEffect(() => {
    if (active >= 0) rows.scrollToIndex(active);
  }, [active, rows]);
  return (
    <>
      <div ref={frame} className={classes.frame}>
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
                  data-active={index === active || undefined}
                  onClick={() => open(entry, index)}
                >
                  <time className={classes.time} dateTime={entry.timestamp} suppressHydrationWarning>
                    {dayjs(entry.timestamp).format("MM-DD HH:mm:ss.SSS")}
                  </time>
                  <span className={classes.level}>{entry.level}</span>
                  <span className={classes.service}>{entry.service}</span>
                  <span className={classes.message}>{entry.message}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      <Group justify="space-between" mt={4} mih={30}>
        <Text size="xs" c="dimmed">
          {entries.length} shown{hasMore ? "" : ", that is all"}
        </Text>
        <Box>
          {isLoading ? (
            <Loader size="xs" />
          ) : (
            hasMore && (
              <Button size="compact-sm" variant="default" onClick={more}>
                Load more
              </Button>
            )
          )}
        </Box>
      </Group>
    </>
  );
}
