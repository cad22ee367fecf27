import { memo } from "react";
import { LEVEL_COLOURS } from "@/components/theme";
import { useClocks } from "@/components/time-zone/time-zone";
import type { Entry } from "@/core/search/schemas";
import { cellOf } from "./columns";
import classes from "./entries-list.module.css";
import { EntryMessage } from "./entry-message";
import { MarkedText, useMarks } from "./marks";

type EntryRowProps = {
  entry: Entry;
  columns: readonly string[];
  isOpen: boolean;
  /** The keyboard is on it. */
  isActive: boolean;
  /** Tab stops at it. */
  isStop: boolean;
  open(id: string): void;
  /** Is told that it has the focus. */
  focus(id: string): void;
};

function Cell({ entry, column }: { entry: Entry; column: string }) {
  const text = cellOf(entry, column);
  return <MarkedText text={text} ranges={useMarks().inField(column, text)} />;
}

/** A row of the list of entries, drawn again only when it changes: a list that scrolls has many. */
export const EntryRow = memo(function EntryRow({
  entry,
  columns,
  isOpen,
  isActive,
  isStop,
  open,
  focus,
}: EntryRowProps) {
  const { format } = useClocks();
  return (
    <button
      type="button"
      className={classes.row}
      style={{ borderLeftColor: LEVEL_COLOURS[entry.level] }}
      aria-current={isOpen}
      data-active={isActive || undefined}
      data-entry={entry.id}
      tabIndex={isStop ? 0 : -1}
      onClick={() => {
        // Not every browser gives the focus to a button that is clicked.
        focus(entry.id);
        open(entry.id);
      }}
      onFocus={() => focus(entry.id)}
    >
      <time className={classes.time} dateTime={entry.timestamp}>
        <span className={classes.date}>{format(entry.timestamp, "MM-dd ")}</span>
        {format(entry.timestamp, "HH:mm:ss")}
        <span className={classes.fraction}>{format(entry.timestamp, ".SSS")}</span>
      </time>
      <span className={classes.level}>{entry.level}</span>
      {columns.map((column) => (
        <span key={column} className={classes.cell} data-column={column}>
          {column === "message" ? <EntryMessage entry={entry} /> : <Cell entry={entry} column={column} />}
        </span>
      ))}
    </button>
  );
});
