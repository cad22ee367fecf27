import type { ReadFrame } from "./frame";

/** `File "path", line 12, in name` (module traceback); in an exception group lines stand behind a bar. */
const FRAME = /^([ |+-]*)File "([^"]+)", line \d+(?:, in .+)?$/;
const PACKAGE = /[/\\](?:site|dist)-packages[/\\]([^/\\]+)/;
const STANDARD = /[/\\]lib[/\\]python[\d.]+[/\\]|[/\\]Python[\d.]*[/\\]Lib[/\\]|^<frozen /i;

/** Frames of Python. The lines of code below it, and the marks below those, stand further in. */
export const readPythonFrame: ReadFrame = (lines, at) => {
  const [, indent, file] = FRAME.exec(lines[at] ?? "") ?? [];
  if (indent === undefined || file === undefined) return null;
  let end = at + 1;
  while (lines[end]?.startsWith(`${indent}  `)) end++;
  return { lines: end - at, library: libraryOf(file) };
};

function libraryOf(file: string): string | null {
  const name = PACKAGE.exec(file)?.[1];
  if (name !== undefined) return name.replace(/\.py$/, "");
  return STANDARD.test(file) ? "Python" : null;
}
