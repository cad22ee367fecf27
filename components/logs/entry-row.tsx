import dayjs from "dayjs";
import { LEVEL_COLOURS } from "@/components/theme";
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
  open(): void;
};

const colourOf = (level: Entry["level"]) => {
  const colour = LEVEL_COLOURS[level];
  return colour.startsWith("#") ? colour : `var(--mantine-color-${colour.replace(".", "-")})`;
};

function Cell({ entry, column }: { entry: Entry; column: string }) {
  const text = cellOf(entry, column);
  return <MarkedText text={text} ranges={useMarks().inField(column, text)} />;
}

/** A row of the list of entries. */
export function EntryRow({ entry, columns, isOpen, isActive, isStop, open }: EntryRowProps) {
  return (
    <button
      type="button"
      className={classes.row}
      style={{ borderLeftColor: colourOf(entry.level) }}
      aria-current={isOpen}
      data-active={isActive || undefined}
      tabIndex={isStop ? 0 : -1}
      onClick={open}
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
  );
}
