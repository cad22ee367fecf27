import { readDotnetFrame } from "./dotnet-frame";
import type { Frame, ReadFrame } from "./frame";
import { readGoFrame } from "./go-frame";
import { readJavaFrame } from "./java-frame";
import { readJavascriptFrame } from "./javascript-frame";
import { readPhpFrame } from "./php-frame";
import { readPythonFrame } from "./python-frame";
import { readRubyFrame } from "./ruby-frame";

/** Frames of libraries that follow one another, each with its lines. */
export type LibraryFrames = { kind: "library"; frames: { library: string; lines: string[] }[] };

/** A stretch of a trace: what was thrown and other text, a frame of one's own code, or frames of libraries. */
export type TracePart = { kind: "text" | "own"; lines: string[] } | LibraryFrames;

/** One frame may stand in any text; so many make a trace. */
const FEWEST_FRAMES = 2;
/** A longer line is no frame. */
const MOST_CHARACTERS = 2_000;

/** Java's and JavaScript's frames say more of themselves than .NET's, which would take both. */
const READERS: readonly ReadFrame[] = [
  readJavaFrame,
  readJavascriptFrame,
  readDotnetFrame,
  readPythonFrame,
  readGoFrame,
  readRubyFrame,
  readPhpFrame,
];

/**
 * Parts a text with a stack trace, as Java, Python, JavaScript, .NET, Go, Ruby and PHP print it, by whose code its frames are of.
 * The lines of all parts, in their order, are those of the text. Apart from core/patterns/stack-frames.ts, which takes a few names
 * for a fingerprint: that must stay as it is when this one learns more.
 * @returns null for a text without a trace
 */
export function readTrace(text: string): TracePart[] | null {
  const lines = text.split(/\r\n|\n|\r/);
  const parts: TracePart[] = [];
  let frames = 0;
  for (let at = 0; at < lines.length; ) {
    const frame = readFrame(lines, at);
    const taken = lines.slice(at, at + (frame?.lines ?? 1));
    put(parts, frame, taken);
    if (frame) frames++;
    at += taken.length;
  }
  return frames < FEWEST_FRAMES ? null : parts;
}

function readFrame(lines: readonly string[], at: number): Frame | null {
  if ((lines[at] ?? "").length > MOST_CHARACTERS) return null;
  for (const read of READERS) {
    const frame = read(lines, at);
    if (frame) return frame;
  }
  return null;
}

function put(parts: TracePart[], frame: Frame | null, lines: string[]): void {
  const last = parts.at(-1);
  if (frame === null) {
    if (last?.kind === "text") last.lines.push(...lines);
    else parts.push({ kind: "text", lines });
  } else if (frame.library === null) {
    parts.push({ kind: "own", lines });
  } else {
    const one = { library: frame.library, lines };
    if (last?.kind === "library") last.frames.push(one);
    else parts.push({ kind: "library", frames: [one] });
  }
}

/** The libraries of frames with how many each has, most first. */
export function countLibraries({ frames }: LibraryFrames): { library: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { library } of frames) counts.set(library, (counts.get(library) ?? 0) + 1);
  return [...counts].map(([library, count]) => ({ library, count })).sort((one, other) => other.count - one.count);
}
