import { ClockAhead } from "@/components/shared/clock-ahead";
import { type Column, DataTable } from "@/components/shared/data-table";
import { LevelBadge } from "@/components/shared/level-badge";
import { LocalTime } from "@/components/shared/local-time";
import { Message } from "@/components/shared/message";
import type { ListedEntry } from "@/core/search/schemas";

const COLUMNS: readonly Column<ListedEntry>[] = [
  { label: "Time", cell: (entry) => <LocalTime time={entry.timestamp} /> },
  { label: "Level", cell: (entry) => <LevelBadge level={entry.level} /> },
  {
    label: "Message",
    cell: (entry) => (
      <>
        <ClockAhead time={entry.timestamp} />
        <Message text={entry.message} isCut={entry.cut !== undefined} />
      </>
    ),
  },
];

export function RecentEntries({ entries }: { entries: readonly ListedEntry[] }) {
  return (
    <DataTable
      label="Recent entries"
      columns={COLUMNS}
      rows={entries}
      rowKey={(entry) => entry.id}
      empty="None in this time range."
      minWidth={560}
    />
  );
}
