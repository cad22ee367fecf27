import type { ReactNode } from "react";
import { CutNote } from "./cut-note";

type CutListProps<Row> = {
  rows: readonly Row[];
  /** So many are shown. */
  most: number;
  /** As in CutNote. */
  of: string;
  by?: string;
  children(shown: Row[]): ReactNode;
};

/** The first rows of a list, and a note where it has more. */
export function CutList<Row>({ rows, most, children, ...note }: CutListProps<Row>) {
  return (
    <>
      {children(rows.slice(0, most))}
      {rows.length > most && <CutNote shown={most} {...note} />}
    </>
  );
}
