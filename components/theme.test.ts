import { DEFAULT_THEME, luminance } from "@mantine/core";
import { expect, test } from "vitest";
import { LEVELS } from "@/core/levels";
import { LEVEL_SHADES, textColours } from "./theme";

const contrast = (one: string, other: string) => {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
};

/** WCAG 2.2 (1.4.11) wants 3 of what nothing else says; a level's name always stands beside its colour. */
test.each([
  ["light", "#ffffff"],
  ["dark", DEFAULT_THEME.colors.dark[7]],
] as const)(
  "given a %s page, then every level's colour can be seen, and the most and the least severe well",
  (scheme, page) => {
    for (const level of LEVELS) expect(contrast(LEVEL_SHADES[level][scheme], page), level).toBeGreaterThan(2);
    for (const level of ["trace", "fatal"] as const)
      expect(contrast(LEVEL_SHADES[level][scheme], page), level).toBeGreaterThan(3);
    const all = LEVELS.map((level) => LEVEL_SHADES[level][scheme]);
    expect(new Set(all).size).toBe(LEVELS.length);
    expect(Object.values(textColours(DEFAULT_THEME)[scheme])).toEqual(expect.arrayContaining(all));
  },
);
