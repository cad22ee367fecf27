import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";

export type Column<Row> = {
  label: string;
  cell(row: Row): ReactNode;
  /** Numbers stand at the right. */
  align?: "right";
};

type DataTableProps<Row> = {
  /** What the rows are, for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** @param place from 0: for rows that may be equal */
  rowKey(row: Row, place: number): string | number;
  /** Stands in place of the table when there are no rows. */
  empty?: ReactNode;
  /** Pixels below which the table scrolls sideways, by touch or by keyboard. */
  minWidth: number;
};

/** The one form of a table: scrolls inside its own frame, breaks long words, says what to do when it is empty. */
export function DataTable<Row>({ label, columns, rows, rowKey, empty, minWidth }: DataTableProps<Row>) {
  if (rows.length === 0 && empty !== undefined) {
    return typeof empty === "string" ? <Text c="dimmed">{empty}</Text> : empty;
  }
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "group", "aria-label": label } }}
    >
      <Table verticalSpacing="xs" highlightOnHover aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.label} scope="col" ta={column.align}>
                {column.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, place) => (
            <Table.Tr key={rowKey(row, place)}>
              {columns.map((column) => (
                <Table.Td
                  key={column.label}
                  ta={column.align}
                  style={column.align === "right" ? { whiteSpace: "nowrap" } : { overflowWrap: "anywhere" }}
                >
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
