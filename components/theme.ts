"use client";

import {
  Autocomplete,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  darken,
  luminance,
  type MantineTheme,
  Menu,
  Modal,
  Select,
} from "@mantine/core";
import { LEVELS, type Level } from "@/core/levels";

/** Of WCAG 2.2 (1.4.3, level AA), for text of any size. */
const LEAST_CONTRAST = 4.5;

/** The head of a dialog is a header element, which would be read as a second banner of the page. */
const DIALOG = { closeButtonProps: { "aria-label": "Close" }, attributes: { header: { role: "none" } } };

const OPTIONS = { maxHeight: 260, overflowY: "auto" } as const;

/**
 * Mantine's colours as they are, but for texts, whose contrast is too small in its own theme: links, what is dimmed, and what is
 * written in a colour. `luminanceThreshold` is where black on a colour reads as well as white.
 */
export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 9,
  autoContrast: true,
  luminanceThreshold: 0.179,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // The list of options scrolls itself, as screen readers know it; Mantine's own frame around it could not be reached.
    Autocomplete: Autocomplete.extend({ defaultProps: { withScrollArea: false }, styles: { options: OPTIONS } }),
    Select: Select.extend({ defaultProps: { withScrollArea: false }, styles: { options: OPTIONS } }),
    Drawer: Drawer.extend({ defaultProps: DIALOG }),
    // The placeholder takes the focus and is none of the items, which is all that a menu may have.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({ defaultProps: DIALOG }),
  },
});

/** Variables for which the theme has no place: the colours of texts, of what is behind them under the pointer, and of levels. */
export const textColours: CSSVariablesResolver = (all) => {
  const { colors } = all;
  const light: Record<string, string> = {
    "--mantine-color-dimmed": "#5b6269",
    "--mantine-color-placeholder": "#6a7178",
    "--mantine-color-error": "var(--mantine-color-red-text)",
    "--mantine-color-anchor": "var(--mantine-color-teal-text)",
  };
  const dark: Record<string, string> = {
    "--mantine-color-dimmed": colors.dark[1],
    "--mantine-color-placeholder": "#a0a0a0",
    "--mantine-color-error": "var(--mantine-color-red-text)",
    "--mantine-color-anchor": "var(--mantine-color-teal-text)",
  };
  for (const [name, shades] of Object.entries(colors)) {
    // Mantine goes to a lighter shade, on which white can't be read any more.
    const hovered = darken(shades[9], 0.1);
    light[`--mantine-color-${name}-filled-hover`] = hovered;
    dark[`--mantine-color-${name}-filled-hover`] = hovered;
    light[`--mantine-color-${name}-text`] = onLight(shades[9], colors.gray[1]);
    // Under the pointer the second shade is behind it.
    light[`--mantine-color-${name}-light-color`] = onLight(shades[9], shades[2]);
    light[`--mantine-color-${name}-outline`] = onLight(shades[9], colors.gray[1]);
    dark[`--mantine-color-${name}-text`] = onDark(shades, all);
  }
  for (const level of LEVELS) {
    light[variableOf(level)] = LEVEL_SHADES[level].light;
    dark[variableOf(level)] = LEVEL_SHADES[level].dark;
  }
  return { variables: {}, light, dark };
};

/** Made darker until it can be read on the background. */
function onLight(colour: string, background: string): string {
  let shade = colour;
  for (let share = 0.05; contrast(shade, background) < LEAST_CONTRAST && share < 1; share += 0.05) {
    shade = darken(colour, share);
  }
  return shade;
}

/** The strongest shade that can be read on the lightest of the dark backgrounds. */
function onDark(shades: MantineTheme["colors"][string], { colors }: MantineTheme): string {
  const strongestFirst = [...shades.slice(0, 6)].reverse();
  return strongestFirst.find((shade) => contrast(shade, colors.dark[5]) >= LEAST_CONTRAST) ?? shades[0];
}

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** After Okabe and Ito's palette, which people with any colour vision can tell apart; the name always stands beside. */
export const LEVEL_SHADES: Readonly<Record<Level, Readonly<Record<"light" | "dark", string>>>> = {
  trace: { light: "#8b9299", dark: "#ced4da" },
  debug: { light: "#5c636a", dark: "#868e96" },
  info: { light: "#56b4e9", dark: "#56b4e9" },
  warning: { light: "#e69f00", dark: "#e69f00" },
  error: { light: "#d55e00", dark: "#d55e00" },
  fatal: { light: "#8e2c74", dark: "#cc79a7" },
};

const variableOf = (level: Level) => `--level-${level}`;

/** Levels' colours for CSS and charts, on light and on dark. */
export const LEVEL_COLOURS: Readonly<Record<Level, string>> = {
  trace: `var(${variableOf("trace")})`,
  debug: `var(${variableOf("debug")})`,
  info: `var(${variableOf("info")})`,
  warning: `var(${variableOf("warning")})`,
  error: `var(${variableOf("error")})`,
  fatal: `var(${variableOf("fatal")})`,
};
