import { stringify } from "csv-stringify/sync";

/** What a spreadsheet may take for a formula, also behind white space that it strips; a tab or CR may begin a new cell. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r])/u;
const NEGATIVE_NUMBER = /^-\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** An apostrophe before it makes a formula a text (OWASP, CSV injection). */
const neutralise = (cell: string) => (FORMULA.test(cell) && !NEGATIVE_NUMBER.test(cell) ? `'${cell}` : cell);

/** Rows as text: RFC 4180 with CRLF and quotes where needed, and no cell that a spreadsheet runs. */
export const csv = (rows: readonly (readonly string[])[]) =>
  stringify(
    rows.map((row) => row.map(neutralise)),
    { record_delimiter: "windows", quoted_match: /[\r\n]/ },
  );
