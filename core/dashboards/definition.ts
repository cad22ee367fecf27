import { z } from "zod";
import { chartOptionsSchema } from "@/core/charts/chart-options";
import { LIMITS } from "@/core/limits";
import { readRange } from "@/core/search/named-range";
import { storableText } from "@/core/storable-text";
import { whole } from "@/core/whole-number";

/** Of what is stored and of files: what reads it says by it how it is to be read. */
const DEFINITION_VERSION = 1;

/** The grid: so many columns, and rows without end, of which a panel may begin at one of these. */
export const GRID = { columns: 12, lastRow: 1_000, mostRows: 40 } as const;

const line = (most: number) => storableText(most).trim();

/** What a query calls a variable, behind a $. */
const variableName = z
  .string("is required")
  .regex(/^[a-z][a-z0-9_]{0,39}$/i, "must be a letter, then letters, digits or _, 40 characters at most");

const query = storableText(LIMITS.queryBytes);

/** A service's name, or $ and the name of a variable; null: every service. */
const serviceOrVariable = storableText(LIMITS.serviceCharacters).min(1, "must not be empty").nullable().default(null);

const title = { title: line(LIMITS.dashboardNameCharacters).default("") };

/** What a panel shows; without a title it has none. */
const contents = {
  /** The table of a query with pipes, drawn or as it is. */
  query: {
    ...title,
    kind: z.literal("query"),
    query,
    as: z.enum(["chart", "table"], "must be chart or table").default("chart"),
    chart: chartOptionsSchema.prefault({}),
  },
  /** Markdown. */
  text: { ...title, kind: z.literal("text"), text: storableText(LIMITS.panelTextCharacters) },
  /** The newest lines that a query selects. */
  lines: { ...title, kind: z.literal("lines"), query, limit: whole(1, LIMITS.panelLines).default(50) },
  health: { ...title, kind: z.literal("health"), service: serviceOrVariable },
  /** Those that are not over yet. */
  incidents: { ...title, kind: z.literal("incidents"), service: serviceOrVariable },
};

const KIND_PROBLEM = `must be one of ${Object.keys(contents).join(", ")}`;

/** A panel before it has a place. */
export const panelContentSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject(contents.query),
    z.strictObject(contents.text),
    z.strictObject(contents.lines),
    z.strictObject(contents.health),
    z.strictObject(contents.incidents),
  ],
  KIND_PROBLEM,
);

const place = {
  id: z.string("is required").regex(/^[\w-]{1,40}$/, "must be 1 to 40 letters, digits, _ or -"),
  x: whole(0, GRID.columns - 1),
  y: whole(0, GRID.lastRow),
  width: whole(1, GRID.columns),
  height: whole(1, GRID.mostRows),
};

const panelSchema = z
  .discriminatedUnion(
    "kind",
    [
      z.strictObject({ ...place, ...contents.query }),
      z.strictObject({ ...place, ...contents.text }),
      z.strictObject({ ...place, ...contents.lines }),
      z.strictObject({ ...place, ...contents.health }),
      z.strictObject({ ...place, ...contents.incidents }),
    ],
    KIND_PROBLEM,
  )
  .refine(({ x, width }) => x + width <= GRID.columns, {
    path: ["width"],
    message: `must not reach over the last of ${GRID.columns} columns`,
  });

const variableSchema = z.strictObject({
  name: variableName,
  /** How the page calls it; empty: by its name. */
  label: line(LIMITS.dashboardNameCharacters).default(""),
  /** Whose values there are to choose from. */
  field: line(LIMITS.fieldPathCharacters).min(1, "must not be empty"),
  /** Chosen when the link says nothing; empty: all. */
  values: z
    .array(storableText(LIMITS.queryBytes).min(1, "must not be empty"), "must be a list of values")
    .max(LIMITS.variableValues, `must have at most ${LIMITS.variableValues} values`)
    .default([]),
});

const unique = <Item>(items: readonly Item[], nameOf: (item: Item) => string) =>
  new Set(items.map(nameOf)).size === items.length;

/** What a dashboard shows. Queries name variables as `field:$name`. */
export const definitionSchema = z.strictObject({
  version: z.literal(DEFINITION_VERSION, `must be ${DEFINITION_VERSION}`),
  /** A time that moves with the clock, such as 1h or today; the link may name another one. */
  range: z
    .string("must be the name of a range, such as 1h")
    .refine((name) => readRange(name) !== null, "must be the name of a range, such as 1h")
    .default("1h"),
  variables: z
    .array(variableSchema, "must be a list")
    .max(LIMITS.variables, `must have at most ${LIMITS.variables} members`)
    .refine((all) => unique(all, ({ name }) => name.toLowerCase()), "must have different names")
    .default([]),
  panels: z
    .array(panelSchema, "must be a list")
    .max(LIMITS.panels, `must have at most ${LIMITS.panels} members`)
    .refine((all) => unique(all, ({ id }) => id), "must have different ids")
    .default([]),
});

export type Definition = z.output<typeof definitionSchema>;
export type Panel = Definition["panels"][number];
export type Variable = Definition["variables"][number];

export type PanelContent = z.output<typeof panelContentSchema>;
export type Place = Pick<Panel, "x" | "y" | "width" | "height">;
