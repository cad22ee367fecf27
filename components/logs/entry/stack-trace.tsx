"use client";

import { formatCount } from "@/components/shared/format";
import { countLibraries, type LibraryFrames, type TracePart } from "@/core/traces/read-trace";
import { MarkedText, useMarks } from "../marks";
import classes from "./stack-trace.module.css";

/** A stack trace, with the frames of one's own code in front: those of libraries are folded where several follow one another. */
export function StackTrace({ parts }: { parts: readonly TracePart[] }) {
  const hasOwn = parts.some(({ kind }) => kind === "own");
  return (
    <div className={classes.trace}>
      {parts.map((part, index) => {
        // What stands where never changes.
        const key = String(index);
        if (part.kind === "library") return <Library key={key} part={part} isOpen={!hasOwn} />;
        return (
          <div key={key} className={classes[part.kind]}>
            <Lines lines={part.lines} />
          </div>
        );
      })}
    </div>
  );
}

function Library({ part, isOpen }: { part: LibraryFrames; isOpen: boolean }) {
  const marks = useMarks();
  const { frames } = part;
  const lines = frames.flatMap((frame) => frame.lines);
  const content = (
    <div className={classes.library}>
      <Lines lines={lines} />
    </div>
  );
  if (frames.length === 1) return content;
  const isFound = lines.some((line) => marks.inMessage(line).length > 0);
  return (
    <details open={isOpen || isFound}>
      <summary className={classes.summary}>
        {formatCount(frames.length)} frames of {sayLibraries(part)}
      </summary>
      {content}
    </details>
  );
}

function sayLibraries(part: LibraryFrames): string {
  const counts = countLibraries(part);
  const [first] = counts;
  if (first && counts.length === 1) return first.library;
  return counts.map(({ library, count }) => `${library} (${formatCount(count)})`).join(", ");
}

function Lines({ lines }: { lines: readonly string[] }) {
  const marks = useMarks();
  const text = lines.join("\n");
  return <MarkedText text={text} ranges={marks.inMessage(text)} />;
}
