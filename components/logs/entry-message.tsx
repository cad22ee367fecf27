import { ClockAhead } from "@/components/shared/clock-ahead";
import type { Range } from "@/core/search/query/find-ranges";
import type { Entry } from "@/core/search/schemas";
import { type ColouredPiece, colouredPieces } from "./coloured-pieces";
import classes from "./entry-message.module.css";
import { MarkedText, useMarks } from "./marks";

/** The message of an entry for a list, with a word before it when its time is still to come. */
export const EntryMessage = ({ entry }: { entry: Pick<Entry, "timestamp" | "message" | "attributes" | "cut"> }) => (
  <>
    <ClockAhead time={entry.timestamp} />
    <MessageText entry={entry} />
  </>
);

/** The message of an entry, in the colours in which its program printed it, with what was searched for marked. */
export function MessageText({ entry }: { entry: Pick<Entry, "message" | "attributes" | "cut"> }) {
  const { message } = entry;
  const pieces = colouredPieces(entry);
  const ranges = useMarks().inMessage(message);
  if (!pieces) return <MarkedText text={message} ranges={ranges} />;
  return pieces.map((piece) => <Piece key={piece.at} piece={piece} ranges={within(ranges, piece)} />);
}

/** What of the ranges lies in a piece, counted from its beginning. */
const within = (ranges: readonly Range[], { at, text }: ColouredPiece): Range[] =>
  ranges
    .map(({ from, to }) => ({ from: Math.max(from - at, 0), to: Math.min(to - at, text.length) }))
    .filter(({ from, to }) => from < to);

function Piece({ piece, ranges }: { piece: ColouredPiece; ranges: readonly Range[] }) {
  const { text, colour, background, decorations } = piece;
  const names = decorations.map((name) => classes[name]);
  const style: Record<string, string> = {};
  // Colours of a terminal suit its background, not the page's, so that each is made to be read on it.
  if (colour?.startsWith("rgb")) style["--piece-colour"] = colour;
  else if (colour) names.push(classes[colour]);
  if (background?.startsWith("rgb")) style["--piece-background"] = background;
  else if (background) style["--piece-background"] = `var(--terminal-${background.replace("bright-", "")})`;
  if (colour?.startsWith("rgb")) names.push(classes.mixed);
  if (background) names.push(classes.background);
  return (
    <span className={[classes.piece, ...names].join(" ")} style={style}>
      <MarkedText text={text} ranges={ranges} />
    </span>
  );
}
