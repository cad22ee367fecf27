import {
  type Definition,
  definitionSchema,
  GRID,
  type PanelContent,
  panelContentSchema,
  type Variable,
} from "../definition";

/** A panel, and how much room it takes. */
type Sized = { width: number; height: number; content: Record<string, unknown> };

const SERVICE: Variable = { name: "service", label: "Service", field: "service", values: [] };

/** Puts panels one behind the other, as many in a row as there is room for. */
export function makeDefinition(range: string, panels: readonly Sized[]): Definition {
  let [x, y, rowHeight] = [0, 0, 0];
  const placed = panels.map(({ width, height, content }, index) => {
    if (x + width > GRID.columns) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const place = { id: String(index + 1), x, y, width, height };
    x += width;
    rowHeight = Math.max(rowHeight, height);
    const checked: PanelContent = panelContentSchema.parse(content);
    return { ...checked, ...place };
  });
  return definitionSchema.parse({ version: 1, range, variables: [SERVICE], panels: placed });
}

/** A field as it stands in the pipes of a query. */
export const inPipes = (name: string): string =>
  /^[^\s(),|"'=<>!]+$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, "\\$&")}"`;
