import { ClockAhead } from "@/components/shared/clock-ahead";
import { plainText } from "@/components/shared/plain-text";
import type { Entry } from "@/core/search/schemas";
import { type ColouredPiece, colouredPieces } from "./coloured-pieces";
import classes from "./entry-message.module.css";

/** The message of an entry, in the colours in which its program printed it; marked when its time is still to come. */
export function EntryMessage({ entry }: { entry: Pick<Entry, "timestamp" | "message" | "attributes"> }) {
  const pieces = colouredPieces(entry);
  return (
    <>
      <ClockAhead time={entry.timestamp} />
      {pieces ? pieces.map((piece) => <Piece key={piece.at} {...piece} />) : plainText(entry.message)}
    </>
  );
}

function Piece({ text, colour, background, decorations }: ColouredPiece) {
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
      {plainText(text)}
    </span>
  );
}
