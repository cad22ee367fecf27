import { GRID, type Place } from "./definition";

/** Where a further panel stands: below all that are there. */
export const belowAll = (panels: readonly Place[]): number =>
  Math.min(GRID.lastRow, Math.max(0, ...panels.map(({ y, height }) => y + height)));

/** The first id that no panel has: a number, so that a file of a dashboard can be read and compared. */
export function freeId(panels: readonly { id: string }[]): string {
  const taken = new Set(panels.map(({ id }) => id));
  let number = panels.length + 1;
  while (taken.has(String(number))) number++;
  return String(number);
}
