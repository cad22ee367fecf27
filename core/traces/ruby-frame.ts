import type { ReadFrame } from "./frame";

/** `from path:12:in 'name'`, with `from` or without; before Ruby 3.4 the first quote was a backtick, before 3.0 a number stood first. */
const FRAME = /^\s*(?:(?:\d+: )?from )?([^\s:][^:]*|<internal:[^>]+>):\d+:in [`'][^']+'$/;
/** In a folder of gems, or as Rails shortens it: `name (7.1.2) lib/...`. */
const GEM =
  /[/\\]gems[/\\]([^/\\]+?)-\d[^/\\]*[/\\]|[/\\]bundler[/\\]gems[/\\]([^/\\]+?)-[\da-f]+[/\\]|^([\w-]+) \(\d[\w.-]*\) /;
const STANDARD = /^<internal:|[/\\]lib[/\\]ruby[/\\]/;

/** Frames of Ruby. */
export const readRubyFrame: ReadFrame = (lines, at) => {
  const file = FRAME.exec(lines[at] ?? "")?.[1];
  if (file === undefined) return null;
  const [, installed, fetched, shortened] = GEM.exec(file) ?? [];
  return { lines: 1, library: installed ?? fetched ?? shortened ?? (STANDARD.test(file) ? "Ruby" : null) };
};
