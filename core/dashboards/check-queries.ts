import { requirePipe, splitPipes } from "@/core/analytics/find-pipe";
import { parsePipes } from "@/core/analytics/parse-pipes";
import { type Fault, invalid, isFault } from "@/core/errors";
import { parseQuery } from "@/core/search/query/parse";
import { queryError } from "@/core/search/query/query-error";
import type { Definition, Panel } from "./definition";
import { type Chosen, putVariables } from "./put-variables";

/** A value of which a query can be read, whatever the field. */
const ANY_VALUE = "info";

/**
 * Reads the query of every panel, with a value in the place of each variable.
 * @throws Fault invalid with the panel, what is wrong and where; `data.fields` names the panel's query
 */
export function checkQueries({ panels, variables }: Definition): void {
  const chosen = Object.fromEntries(variables.map(({ name }) => [name, [ANY_VALUE]]));
  for (const [place, panel] of panels.entries()) checkPanel(panel, place, chosen);
}

function checkPanel(panel: Panel, place: number, chosen: Chosen): void {
  if (panel.kind !== "query" && panel.kind !== "lines") return;
  try {
    checkQuery(putVariables(panel.query, chosen), panel.kind);
  } catch (error) {
    if (!isFault(error) || error.kind !== "invalid") throw error;
    throw ofPanel(error, panel, place);
  }
}

/** @throws Fault invalid with what is wrong and where */
export function checkQuery(query: string, kind: "query" | "lines"): void {
  const { lines, pipes } = splitPipes(query);
  parseQuery(lines);
  if (kind === "lines" && pipes !== null) {
    throw queryError("| begins a table, which a panel of lines has none", query.length - pipes.length, pipes.length);
  }
  if (kind === "query") requirePipe(query);
  if (pipes !== null) parsePipes(query, query.length - pipes.length);
}

function ofPanel({ message }: Fault, { id, title }: Panel, place: number): Fault {
  const name = title === "" ? id : `"${title}"`;
  return invalid(`the query of panel ${name}: ${message}`, {
    fields: { [`definition.panels.${place}.query`]: message },
  });
}
