"use client";

import { Anchor, Group, Text } from "@mantine/core";
import { useState } from "react";
import { labelOfValue } from "@/components/charts/label-of-value";
import { type LinesOf, linesOfRow } from "@/components/charts/lines-of";
import { type Column, DataTable } from "@/components/shared/data-table";
import { formatNumber } from "@/components/shared/format";
import { Pages } from "@/components/shared/pages";
import { plainText } from "@/components/shared/plain-text";
import { useClocks } from "@/components/time-zone/time-zone";
import type { StatsAnswer } from "@/core/analytics/schemas";
import classes from "./stats.module.css";

/** Rows of the table on the page at once. */
const PAGE = 100;

type Cell = StatsAnswer["rows"][number][number];

type StatsTableProps = { data: StatsAnswer; showLines(of: LinesOf): void };

/** The table of a query with pipes, row by row, or as figures where it is one row of numbers. */
export function StatsTable({ data, showLines }: StatsTableProps) {
  const [page, setPage] = useState(1);
  const pages = Math.ceil(data.rows.length / PAGE);
  const shown = Math.min(page, Math.max(1, pages));
  if (isFigure(data)) return <Figure data={data} />;
  return (
    <>
      <DataTable
        label="Groups"
        columns={columnsOf(data, showLines)}
        rows={data.rows.slice((shown - 1) * PAGE, shown * PAGE)}
        rowKey={(_row, place) => place}
        minWidth={120 * data.columns.length}
        empty="No rows: nothing is left by the pipes, or the query selects no entries in this time."
      />
      <Pages total={data.rows.length} size={PAGE} page={shown} setPage={setPage} />
    </>
  );
}

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

function columnsOf(data: StatsAnswer, showLines: StatsTableProps["showLines"]): Column<readonly Cell[]>[] {
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
        if (of === null) return null;
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
  return type === "time" ? format(cell, "yyyy-MM-dd HH:mm:ss") : plainText(labelOfValue(cell));
}
