"use client";

import { Alert, Anchor, Button, Group, Loader, Pagination, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { ApiError } from "@/components/api/fetch-data";
import type { useStats } from "@/components/api/use-logs";
import { Chart } from "@/components/charts/chart";
import { type LinesOf, linesOfRow } from "@/components/charts/lines-of";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf, formatCount, formatNumber } from "@/components/shared/format";
import { MissingNotice } from "@/components/shared/missing-notice";
import { plainText } from "@/components/shared/plain-text";
import { useClocks } from "@/components/time-zone/time-zone";
import type { StatsAnswer } from "@/core/analytics/schemas";
import { chartOptionsSchema } from "@/core/charts/chart-options";
import classes from "./stats-results.module.css";

const DRAWN = chartOptionsSchema.parse({});

/** Rows of the table on the page at once. */
const PAGE = 100;

type Cell = StatsAnswer["rows"][number][number];

type StatsResultsProps = {
  stats: ReturnType<typeof useStats>;
  /** Parameters of GET /api/logs/stats. */
  query: string;
  showLines(of: LinesOf): void;
};

/** The table of a query with pipes: as one figure, over time, and row by row. */
export function StatsResults({ stats, query, showLines }: StatsResultsProps) {
  const { data, error, isFetching } = stats;
  const [page, setPage] = useState(1);
  // What is wrong with the query is told below it.
  if (error) return error instanceof ApiError && error.query ? null : <Failed message={error.message} />;
  if (!data) return <Loader aria-label="Computing" />;
  const pages = Math.ceil(data.rows.length / PAGE);
  const shown = Math.min(page, Math.max(1, pages));
  return (
    <Stack gap="xs" className={classes.results}>
      <Group justify="space-between">
        <Text size="sm" role="status">
          {countOf(data.total_rows, "row")} of {countOf(data.entries, "entry", "entries")}
          {data.total_rows > data.rows.length && `, the first ${formatCount(data.rows.length)} of them here`}
          {isFetching && ", computing again"}
        </Text>
        <Button
          component="a"
          href={`/api/logs/stats?format=csv&${query}`}
          download
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
        >
          CSV
        </Button>
      </Group>
      <MissingNotice answers={[data]} />
      {Object.entries(data.not_numbers).map(([name, count]) => (
        <Text key={name} size="xs" c="dimmed">
          {countOf(count, "value is", "values are")} not in {plainText(name)}, as{" "}
          {count === 1 ? "it is no number" : "they are no numbers"}.
        </Text>
      ))}
      {data.columns.some(({ field }) => field === "timestamp") && (
        <Chart data={data} options={DRAWN} height={220} showLines={showLines} />
      )}
      {isFigure(data) ? (
        <Figure data={data} />
      ) : (
        <DataTable
          label="Groups"
          columns={columnsOf(data, showLines)}
          rows={data.rows.slice((shown - 1) * PAGE, shown * PAGE)}
          rowKey={(row) => JSON.stringify(row)}
          minWidth={120 * data.columns.length}
          empty="No rows: nothing is left by the pipes, or the query selects no entries in this time."
        />
      )}
      {pages > 1 && (
        <Pagination
          total={pages}
          value={shown}
          onChange={setPage}
          getControlProps={(control) => ({ "aria-label": `${control} page` })}
          getItemProps={(number) => ({ "aria-label": `page ${number}` })}
        />
      )}
    </Stack>
  );
}

const Failed = ({ message }: { message: string }) => (
  <Alert color="red" role="alert" title="The table could not be computed">
    {message}
  </Alert>
);

/** One row of numbers is read as figures, not as a table. */
const isFigure = ({ columns, rows }: StatsAnswer) =>
  rows.length === 1 && columns.every(({ type }) => type === "number");

function Figure({ data: { columns, rows } }: { data: StatsAnswer }) {
  const [row = []] = rows;
  return (
    <Group gap="xl" component="dl" m={0}>
      {columns.map(({ name }, place) => (
        <div key={name} className={classes.figure}>
          <Text component="dt" size="xs" c="dimmed">
            {plainText(name)}
          </Text>
          <Text component="dd" m={0} fz={36} fw={600}>
            {typeof row[place] === "number" ? formatNumber(row[place]) : "none"}
          </Text>
        </div>
      ))}
    </Group>
  );
}

function columnsOf(data: StatsAnswer, showLines: StatsResultsProps["showLines"]): Column<readonly Cell[]>[] {
  const columns = data.columns.map(
    ({ name, type }, place): Column<readonly Cell[]> => ({
      label: plainText(name),
      align: type === "number" ? "right" : undefined,
      cell: (row) => <CellText cell={row[place] ?? null} type={type} />,
    }),
  );
  if (!data.columns.some(({ field }) => field !== null)) return columns;
  return [
    ...columns,
    {
      label: "What it is of",
      cell: (row) => {
        const of = linesOfRow(data, row);
        return (
          <Anchor
            component="button"
            type="button"
            size="sm"
            aria-label={`Lines of ${row.filter((cell) => typeof cell === "string").join(", ")}`}
            onClick={() => showLines(of)}
          >
            Lines
          </Anchor>
        );
      },
    },
  ];
}

function CellText({ cell, type }: { cell: Cell; type: StatsAnswer["columns"][number]["type"] }) {
  const { format } = useClocks();
  if (cell === null)
    return (
      <Text span c="dimmed" inherit>
        none
      </Text>
    );
  if (typeof cell === "number") return <span title={String(cell)}>{formatNumber(cell)}</span>;
  return type === "time" ? format(cell, "yyyy-MM-dd HH:mm:ss") : plainText(cell);
}
