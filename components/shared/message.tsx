import { Code } from "@mantine/core";
import { plainText } from "./plain-text";

const SHOWN_CHARACTERS = 500;

/** A log message as text, its line breaks kept and its end cut in lists. */
export function Message({ text }: { text: string }) {
  return (
    <Code style={{ whiteSpace: "pre-wrap" }}>
      {plainText(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text)}
    </Code>
  );
}
