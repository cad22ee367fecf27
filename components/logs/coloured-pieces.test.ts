import { expect, test } from "vitest";
import { colouredPieces, shownAttributes } from "./coloured-pieces";

const piecesOf = (message: string, ansi: unknown) =>
  colouredPieces({ message, attributes: JSON.stringify({ a: 1, message_ansi: ansi }) });
const plain = { colour: null, background: null, decorations: [] };

test("given a message with colours, then its pieces have them, by name or by number", () => {
  const ansi =
    "a\u001b[1;31mred\u001b[0m \u001b[38;5;208morange\u001b[39m\u001b[48;2;1;2;3;4mtrue\u001b[0m\u001b[94;42m!\u001b[m";
  expect(piecesOf("ared orangetrue!", ansi)).toEqual([
    { ...plain, at: 0, text: "a" },
    { ...plain, at: 1, text: "red", colour: "red", decorations: ["bold"] },
    { ...plain, at: 4, text: " " },
    { ...plain, at: 5, text: "orange", colour: "rgb(255, 135, 0)" },
    { ...plain, at: 11, text: "true", background: "rgb(1, 2, 3)", decorations: ["underline"] },
    { ...plain, at: 15, text: "!", colour: "bright-blue", background: "green" },
  ]);
});

test("given an attribute that says something else than the message, then it is not believed", () => {
  expect(piecesOf("all is well", "\u001b[31mall is lost\u001b[0m")).toBeNull();
  expect(piecesOf("m", 5)).toBeNull();
  expect(piecesOf("m", { m: "m" })).toBeNull();
});

test("given a message of which only the beginning is there, then that is in colours as far as they are known", () => {
  const piecesOfCut = (ansi: string) =>
    colouredPieces({
      message: "red and plain",
      attributes: JSON.stringify({ message_ansi: ansi }),
      cut: { message: 600, attributes: { message_ansi: 609 } },
    });
  const expected = [
    { ...plain, at: 0, text: "red", colour: "red" },
    { ...plain, at: 3, text: " and plain" },
  ];
  expect(piecesOfCut("\u001b[31mred")).toEqual(expected);
  expect(piecesOfCut("\u001b[31mred\u001b[3")).toEqual(expected);
  expect(piecesOfCut("\u001b[31mother")).toBeNull();
});

test("given no such attribute, then there are no pieces", () => {
  expect(colouredPieces({ message: "m", attributes: null })).toBeNull();
  expect(colouredPieces({ message: "m", attributes: '{"a":"message_ansi"}' })).toBeNull();
});

test("given markup in a message with colours, then it is text like any other", () => {
  expect(piecesOf("<img src=x>&amp;", "<img src=x>\u001b[31m&amp;\u001b[0m")).toEqual([
    { ...plain, at: 0, text: "<img src=x>" },
    { ...plain, at: 11, text: "&amp;", colour: "red" },
  ]);
});

test("given a message that is shown in colours, then the attribute behind it is not shown beside it", () => {
  const names = (message: string) => {
    const attributes = JSON.stringify({ a: 1, message_ansi: "\u001b[31mm\u001b[0m" });
    const tree = shownAttributes({ message, attributes });
    return tree.kind === "object" ? tree.members.map(({ name }) => name) : [];
  };
  expect(names("m")).toEqual(["a"]);
  expect(names("another")).toEqual(["a", "message_ansi"]);
});
