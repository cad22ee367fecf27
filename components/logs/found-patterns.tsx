"use client";

import { Sparkline } from "@mantine/charts";
import { Alert, Loader, Text, UnstyledButton } from "@mantine/core";
import { ApiError } from "@/components/api/fetch-data";
import { useFoundPatterns } from "@/components/api/use-found-patterns";
import type { Asked } from "@/components/api/use-logs";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf, formatCount, formatRate } from "@/components/shared/format";
import { LevelBadge } from "@/components/shared/level-badge";
import { LocalTime } from "@/components/shared/local-time";
import { Message } from "@/components/shared/message";
import { MissingNotice } from "@/components/shared/missing-notice";
import { Pages, type PagesProps } from "@/components/shared/pages";
import { plainText } from "@/components/shared/plain-text";
import type { FoundPattern } from "@/core/patterns/found-schemas";
import classes from "./stats.module.css";

type FoundPatternsProps = {
  asked: Asked;
  page: number;
  setPage: PagesProps["setPage"];
  /** Adds a condition to the query and shows the lines. */
  showLines(condition: string): void;
};

const PAGE = 25;

/** What was found, as the kinds of messages that it is. */
export function FoundPatterns({ asked, page, setPage, showLines }: FoundPatternsProps) {
  const { data, error, isFetching, isPlaceholderData } = useFoundPatterns(asked, page, PAGE);
  // What is wrong with the query is told below it.
  if (error instanceof ApiError && error.query) return null;
  if (error) {
    return (
      <Alert color="red" role="alert" title="The patterns could not be counted">
        {error.message}
      </Alert>
    );
  }
  if (!data) return <Loader role="status" aria-label="Counting patterns" />;
  return (
    <div className={classes.results}>
      <Text size="sm" role="status">
        {countOf(data.total, "pattern")} of {countOf(data.entries, "entry", "entries")}
        {isFetching && ", counting again"}
      </Text>
      <MissingNotice answers={[data]} />
      <DataTable
        label="Patterns"
        columns={columnsOf(showLines)}
        rows={data.patterns}
        rowKey={({ pattern }) => pattern ?? "none"}
        minWidth={900}
        empty="Nothing found in this time."
      />
      <Pages total={data.total} size={PAGE} page={page} isBefore={isPlaceholderData} setPage={setPage} />
    </div>
  );
}

function columnsOf(showLines: FoundPatternsProps["showLines"]): Column<FoundPattern>[] {
  return [
    { label: "Count", align: "right", cell: ({ count }) => <Figure strong>{formatCount(count)}</Figure> },
    { label: "Share", align: "right", cell: ({ share }) => <Figure>{formatRate(share)}</Figure> },
    { label: "Pattern", cell: (row) => <Pattern row={row} showLines={showLines} /> },
    { label: "Trend", cell: (row) => <Trend row={row} /> },
    { label: "Level", cell: ({ level }) => <LevelBadge level={level} /> },
    {
      label: "First and last seen",
      cell: ({ first_seen, last_seen }) => (
        <>
          <LocalTime time={first_seen} />
          <LocalTime time={last_seen} />
        </>
      ),
    },
  ];
}

const Figure = ({ children, strong = false }: { children: string; strong?: boolean }) => (
  <Text span inherit fw={strong ? 600 : undefined} style={{ whiteSpace: "nowrap" }}>
    {children}
  </Text>
);

function Pattern({
  row: { pattern, template, message },
  showLines,
}: { row: FoundPattern } & Pick<FoundPatternsProps, "showLines">) {
  if (pattern === null) return <Text c="dimmed">{template}</Text>;
  const text = template === "" ? `pattern ${pattern}` : template;
  return (
    <>
      <UnstyledButton className={classes.pattern} title="Its lines" onClick={() => showLines(`pattern:${pattern}`)}>
        <Message text={text} />
      </UnstyledButton>
      {message !== template && message !== "" && (
        <Text size="xs" c="dimmed" lineClamp={1} style={{ overflowWrap: "anywhere" }}>
          {plainText(message)}
        </Text>
      )}
    </>
  );
}

/** The course, and which way it goes: the later half of the time against the earlier, by a word too. */
function Trend({ row: { counts } }: { row: FoundPattern }) {
  const half = Math.floor(counts.length / 2);
  const [before, after] = [sum(counts.slice(0, half)), sum(counts.slice(counts.length - half))];
  const [arrow, word] =
    after > before * 1.2 ? ["↑", "rising"] : after * 1.2 < before ? ["↓", "falling"] : ["→", "steady"];
  return (
    <span className={classes.trend}>
      <Sparkline w={110} h={28} data={counts} color="teal.6" fillOpacity={0.3} inert aria-hidden />
      <Text span size="xs" c="dimmed">
        <span aria-hidden>{arrow}</span> {word}
      </Text>
    </span>
  );
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
