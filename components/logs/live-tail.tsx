"use client";

import { Alert, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useTail } from "@/components/api/use-tail";
import { countOf, formatCount } from "@/components/shared/format";
import { LiveBadge } from "@/components/shared/live-badge";
import { nounFor } from "@/core/noun";
import { listParameters } from "./columns";
import { EntriesList, type EntriesListProps } from "./entries-list";
import { entryRows } from "./entry-rows";

type LiveTailProps = { q: string } & Pick<EntriesListProps, "columns" | "openId" | "open" | "setNeighbours">;

const rate = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** Entries as they arrive, the latest on top. Scrolling down holds them back, so that what is read stays in its place. */
export function LiveTail({ q, ...list }: LiveTailProps) {
  const [isPaused, setPaused] = useState(false);
  const [isAtTop, setAtTop] = useState(true);
  const { entries, held, perSecond, skipped, state, clear } = useTail(
    q,
    listParameters(list.columns),
    isPaused || !isAtTop,
  );
  return (
    <>
      <Group gap="sm">
        <LiveBadge state={state} />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={isPaused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
          onClick={() => setPaused(!isPaused)}
        >
          {isPaused ? "Continue" : "Pause"}
        </Button>
        <Button size="compact-sm" variant="default" onClick={clear}>
          Clear
        </Button>
        <Text size="sm" c="dimmed">
          {rate.format(perSecond)} {nounFor(perSecond, "entry", "entries")} a second
        </Text>
        {held > 0 && (
          <Text size="sm">
            {formatCount(held)} new, {isPaused ? "continue" : "scroll up"} to see them
          </Text>
        )}
      </Group>
      {/* Numbers that change all the time would be read all the time. */}
      <VisuallyHidden role="status">
        {held > 0 && `There are new entries: ${isPaused ? "continue" : "scroll up"} to see them.`}
        {skipped !== 0 && " Some came faster than they can be shown, and were left out."}
      </VisuallyHidden>
      {skipped !== 0 && (
        <Alert color="yellow" role="note" p="xs">
          {skipped === null ? "Some entries" : countOf(skipped, "entry", "entries")} came faster than they can be shown,
          and were left out here; a search finds them.
        </Alert>
      )}
      {entries.length === 0 ? (
        <Text c="dimmed">Waiting for an entry that the query selects.</Text>
      ) : (
        <EntriesList rows={entryRows(entries)} total={entries.length} {...list} atTop={setAtTop} />
      )}
    </>
  );
}
