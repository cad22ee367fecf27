import { Code } from "@mantine/core";
import { plainText } from "./plain-text";

const SHOWN_CHARACTERS = 500;

/** A log message as text, its line breaks kept and its end cut in lists. @param isCut what is here is not all of it */
export function Message({ text, isCut = false }: { text: string; isCut?: boolean }) {
  const shown = text.length > SHOWN_CHARACTERS ? text.slice(0, SHOWN_CHARACTERS) : text;
  return <Code style={{ whiteSpace: "pre-wrap" }}>{plainText(isCut || shown !== text ? `${shown}…` : text)}</Code>;
}
