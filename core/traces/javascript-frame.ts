import type { ReadFrame } from "./frame";

/** V8's stack trace API: `at name (place:1:2)` or `at place:1:2`; util.inspect puts a brace behind the last one. */
const PLACED = /^\s*at (?:.* \()?(.+):\d+:\d+\)?(?: \{)?$/;
/** Frames without a place. */
const BUILT_IN = /^\s*at .+ \((?:<anonymous>|native|index \d+)\)(?: \{)?$/;
const PACKAGE = /[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/g;
/** Modules of the runtime itself; before Node.js 16 those had no scheme, and some no folder. */
const RUNTIME = /^(?:async )?(?:(node:)|(deno:|ext:)|(bun:)|internal[/\\]|[\w-]+\.js$)/;

/** Frames of JavaScript. */
export const readJavascriptFrame: ReadFrame = (lines, at) => {
  const line = lines[at] ?? "";
  if (BUILT_IN.test(line)) return { lines: 1, library: "JavaScript" };
  const place = PLACED.exec(line)?.[1];
  return place === undefined ? null : { lines: 1, library: libraryOf(place) };
};

function libraryOf(place: string): string | null {
  const name = [...place.matchAll(PACKAGE)].at(-1)?.[1];
  if (name !== undefined) return name.replace("\\", "/");
  const runtime = RUNTIME.exec(place);
  if (!runtime) return null;
  return runtime[2] === undefined ? (runtime[3] === undefined ? "Node.js" : "Bun") : "Deno";
}
