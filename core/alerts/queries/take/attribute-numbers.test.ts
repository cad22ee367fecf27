import { expect, test } from "vitest";
import { PathValues, UNNUMBERED, ValueRoom } from "./attribute-numbers";

const numberOf = (values: PathValues, text: string) => values.numberOf(Buffer.from(text), 0, Buffer.byteLength(text));

test("given more values than there is room for, then those that come later get no number", () => {
  const room = new ValueRoom(60);
  const [one, other] = [new PathValues(room), new PathValues(room)];
  expect([numberOf(one, '"a"'), numberOf(one, '"b"'), numberOf(one, '"a"')]).toEqual([0, 1, UNNUMBERED]);
  expect(numberOf(other, "1")).toBe(UNNUMBERED);
});
