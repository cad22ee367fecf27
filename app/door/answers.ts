import type { DoorAnswer } from "./address";

/** @param headers beside the content type, or another one */
export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): DoorAnswer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** A line. */
export const textAnswer = (status: number, line: string): DoorAnswer => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: `${line}\n`,
});
