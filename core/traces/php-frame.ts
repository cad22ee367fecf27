import type { ReadFrame } from "./frame";

/** `#0 path(12): name()` (Throwable::getTraceAsString); `{main}` is where the script begins. */
const FRAME = /^\s*#\d+ (?:(.+?)\(\d+\): \S|(\[internal function\]): \S|\{main\}$)/;
/** Composer's folder, by vendor and package. */
const PACKAGE = /(?:^|[/\\])vendor[/\\]([^/\\]+)[/\\]([^/\\]+)[/\\]/;

/** Frames of PHP. */
export const readPhpFrame: ReadFrame = (lines, at) => {
  const found = FRAME.exec(lines[at] ?? "");
  if (!found) return null;
  const [, file = "", internal] = found;
  if (internal !== undefined) return { lines: 1, library: "PHP" };
  const [, vendor, name] = PACKAGE.exec(file) ?? [];
  return { lines: 1, library: vendor === undefined ? null : `${vendor}/${name}` };
};
