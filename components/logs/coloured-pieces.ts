import Anser from "anser";
import { MESSAGE_ANSI } from "@/core/message-ansi";
import { type JsonTree, readJsonTree } from "@/core/search/attribute-tree";
import type { Entry } from "@/core/search/schemas";

const DECORATIONS = ["bold", "italic", "underline", "strikethrough"] as const;

/** A part of a message that looks the same. */
export type ColouredPiece = {
  /** Of the message, where it begins. */
  at: number;
  text: string;
  /** One of a terminal's 16 colours, such as red or bright-red; or `rgb(1, 2, 3)`; null for that of the page. */
  colour: string | null;
  background: string | null;
  decorations: readonly (typeof DECORATIONS)[number][];
};

type ColouredMessage = Pick<Entry, "message" | "attributes" | "cut">;

/** The beginning of a sequence whose end was cut off. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const BROKEN_SEQUENCE = /\u001b(\[[0-9;:]*)?$/;

/**
 * The pieces of a message that was sent with colours; null for one without. An attribute that says something else than the
 * message is not believed, since a sender can give any.
 */
export function colouredPieces({ message, attributes, cut }: ColouredMessage): ColouredPiece[] | null {
  if (!attributes?.includes(`"${MESSAGE_ANSI}"`)) return null;
  const tree = readJsonTree(attributes);
  const found = tree.kind === "object" ? tree.members.find(({ name }) => name === MESSAGE_ANSI) : undefined;
  if (found?.value.kind !== "scalar") return null;
  const pieces: ColouredPiece[] = [];
  let at = 0;
  const isCut = cut?.attributes?.[MESSAGE_ANSI] !== undefined;
  const coloured = isCut ? found.value.text.replace(BROKEN_SEQUENCE, "") : found.value.text;
  for (const { content: text, fg, bg, fg_truecolor, bg_truecolor, decorations } of Anser.ansiToJson(coloured, {
    json: true,
    use_classes: true,
    remove_empty: true,
  })) {
    pieces.push({
      at,
      text,
      colour: colourOf(fg, fg_truecolor),
      background: colourOf(bg, bg_truecolor),
      decorations: DECORATIONS.filter((one) => decorations.includes(one)),
    });
    at += text.length;
  }
  const shown = pieces.map(({ text }) => text).join("");
  if (shown === message) return pieces;
  if (!isCut || !message.startsWith(shown)) return null;
  return [...pieces, { at, text: message.slice(at), colour: null, background: null, decorations: [] }];
}

/** The attributes of an entry, without what its message shows already. */
export function shownAttributes(entry: ColouredMessage): JsonTree {
  const tree = readJsonTree(entry.attributes ?? "{}");
  if (tree.kind !== "object" || !colouredPieces(entry)) return tree;
  return { ...tree, members: tree.members.filter(({ name }) => name !== MESSAGE_ANSI) };
}

/** @param name as the library has it: `ansi-red`, `ansi-palette-208`, `ansi-truecolor` with its numbers apart */
function colourOf(name: string | null, trueColour: string | null): string | null {
  if (name === "ansi-truecolor" && trueColour !== null) return rgb(trueColour.split(",").map(Number));
  const palette = /^ansi-palette-(\d+)$/.exec(name ?? "");
  if (palette) return paletteColour(Number(palette[1]));
  return name?.replace(/^ansi-/, "") ?? null;
}

/** Of xterm's 256 colours those behind the first 16: a cube of six steps a side, and 24 greys. */
function paletteColour(index: number): string | null {
  if (index > 255) return null;
  if (index >= 232) return rgb([0, 1, 2].map(() => 8 + (index - 232) * 10));
  const cube = index - 16;
  return rgb(
    [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => (step === 0 ? 0 : 55 + step * 40)),
  );
}

const rgb = (parts: readonly number[]): string | null =>
  parts.length === 3 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)
    ? `rgb(${parts.join(", ")})`
    : null;
