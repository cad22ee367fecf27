import { Text } from "@mantine/core";
import { formatUnit } from "@/components/charts/format-unit";
import { labelOfValue } from "@/components/charts/label-of-value";
import { measuresOf } from "@/components/charts/shape";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { useClocks } from "@/components/time-zone/time-zone";
import type { StatsAnswer } from "@/core/analytics/schemas";
import type { Unit } from "@/core/charts/chart-options";
import { guessUnit } from "@/core/charts/guess-unit";
import { Scrolled } from "./scrolled";

type Cell = StatsAnswer["rows"][number][number];

/** Of a panel; the explorer has all. */
const MOST_ROWS = 200;

/** The table of a query as it is. @param unit of what is computed; null: by the names of columns */
export function StatsTable({ data, title, unit }: { data: StatsAnswer; title: string; unit: Unit | null }) {
  const { format } = useClocks();
  const measures = measuresOf(data);
  const textOf = (cell: Cell, { type, name }: StatsAnswer["columns"][number], place: number) => {
    if (typeof cell === "number") return formatUnit(cell, (measures.includes(place) ? unit : null) ?? guessUnit(name));
    return type === "time" && cell !== null ? format(cell, "yyyy-MM-dd HH:mm:ss") : plainText(labelOfValue(cell));
  };
  const rows = data.rows.slice(0, MOST_ROWS);
  const columns = data.columns.map(
    (column, place): Column<readonly Cell[]> => ({
      label: plainText(column.name),
      align: column.type === "number" ? "right" : undefined,
      cell: (row) => textOf(row[place] ?? null, column, place),
    }),
  );
  return (
    <Scrolled title={title}>
      <DataTable
        label={title === "" ? "Groups" : title}
        columns={columns}
        rows={rows}
        rowKey={(_row, place) => place}
        minWidth={100 * columns.length}
        empty="Nothing in this time."
      />
      {data.rows.length > rows.length && (
        <Text size="xs" c="dimmed">
          {countOf(data.rows.length - rows.length, "more row is", "more rows are")} in the table that Logs shows.
        </Text>
      )}
    </Scrolled>
  );
}
