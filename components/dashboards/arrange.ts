import { cloneLayout, type Layout, moveElement, verticalCompactor } from "react-grid-layout/core";
import { GRID, type Panel, type Place } from "@/core/dashboards/definition";

export const layoutOf = (panels: readonly Panel[]): Layout =>
  panels.map(({ id, x, y, width, height }) => ({
    i: id,
    x,
    y,
    w: width,
    h: height,
    minW: 1,
    minH: 2,
    maxH: GRID.mostRows,
  }));

/** The panels in the places of a layout; the same ones where nothing has moved. */
export function placedBy(panels: readonly Panel[], layout: Layout): readonly Panel[] {
  let isMoved = false;
  const placed = panels.map((panel) => {
    const item = layout.find(({ i }) => i === panel.id);
    if (!item) return panel;
    const place: Place = { x: item.x, y: Math.min(item.y, GRID.lastRow), width: item.w, height: item.h };
    if (isSamePlace(panel, place)) return panel;
    isMoved = true;
    return { ...panel, ...place };
  });
  return isMoved ? placed : panels;
}

const isSamePlace = (one: Place, other: Place) =>
  one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;

/** As the grid puts them: nothing stands on anything else, and no row is empty. */
export const compacted = (panels: readonly Panel[]): readonly Panel[] =>
  placedBy(panels, verticalCompactor.compact(layoutOf(panels), GRID.columns));

export const ARRANGEMENTS = [
  { name: "left", label: "Move left", key: "ArrowLeft" },
  { name: "right", label: "Move right", key: "ArrowRight" },
  { name: "up", label: "Move up", key: "ArrowUp" },
  { name: "down", label: "Move down", key: "ArrowDown" },
  { name: "narrower", label: "Make narrower", key: "Shift+ArrowLeft" },
  { name: "wider", label: "Make wider", key: "Shift+ArrowRight" },
  { name: "lower", label: "Make lower", key: "Shift+ArrowUp" },
  { name: "higher", label: "Make higher", key: "Shift+ArrowDown" },
] as const;

export type Arrangement = (typeof ARRANGEMENTS)[number]["name"];

/**
 * Moves a panel, or changes its size, by a step; the others make room as they do when it is dragged.
 * @returns the same panels where there is no room for it
 */
export function arranged(panels: readonly Panel[], id: string, how: Arrangement): readonly Panel[] {
  const panel = panels.find((one) => one.id === id);
  if (!panel) return panels;
  const { x, y, width, height } = panel;
  switch (how) {
    case "left":
      return x === 0 ? panels : moved(panels, id, x - 1, y);
    case "right":
      return x + width >= GRID.columns ? panels : moved(panels, id, x + 1, y);
    case "up":
      return past(
        panels,
        panel,
        rowsOf(panels, panel, (one) => one.y)
          .filter((row) => row < y)
          .reverse(),
      );
    case "down":
      return past(
        panels,
        panel,
        rowsOf(panels, panel, (one) => one.y + one.height).filter((row) => row > y + height),
      );
    case "narrower":
      return width === 1 ? panels : resized(panels, id, { width: width - 1 });
    case "wider":
      return x + width >= GRID.columns ? panels : resized(panels, id, { width: width + 1 });
    case "lower":
      return height <= 2 ? panels : resized(panels, id, { height: height - 1 });
    case "higher":
      return height >= GRID.mostRows ? panels : resized(panels, id, { height: height + 1 });
  }
}

function moved(panels: readonly Panel[], id: string, x: number, y: number): readonly Panel[] {
  const layout = cloneLayout(layoutOf(panels));
  const item = layout.find(({ i }) => i === id);
  if (!item) return panels;
  const pushed = moveElement(layout, item, x, y, true, false, "vertical", GRID.columns);
  return placedBy(panels, verticalCompactor.compact(pushed, GRID.columns));
}

/** Rows of the panels that are above or below one, each once. */
const rowsOf = (panels: readonly Panel[], { id, x, width }: Panel, rowOf: (panel: Panel) => number): number[] => {
  const inTheWay = panels.filter((one) => one.id !== id && one.x < x + width && x < one.x + one.width);
  return [...new Set(inTheWay.map(rowOf))].sort((one, other) => one - other);
};

/** Puts a panel into the first of the rows that changes something: what stands there or below makes room for it. */
function past(panels: readonly Panel[], { id, height }: Panel, rows: readonly number[]): readonly Panel[] {
  for (const row of rows) {
    const moved = compacted(
      panels.map((panel) => {
        if (panel.id === id) return { ...panel, y: row };
        return panel.y >= row ? { ...panel, y: panel.y + height } : panel;
      }),
    );
    if (moved.some((panel, place) => !isSamePlace(panel, panels[place] ?? panel))) return moved;
  }
  return panels;
}

const resized = (panels: readonly Panel[], id: string, size: Partial<Place>) =>
  compacted(panels.map((panel) => (panel.id === id ? { ...panel, ...size } : panel)));

/** In the order in which they are read. */
export const inOrder = (panels: readonly Panel[]): Panel[] =>
  panels.toSorted((one, other) => one.y - other.y || one.x - other.x);
