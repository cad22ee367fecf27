import { z } from "zod";
import { isBigint } from "@/core/bigint-text";
import { invalidField } from "@/core/errors";

/** Where a search goes on: after the entry with this time and id, or, without an id, before this time. */
export type Cursor = { micros: number; id: string | null };

const cursorSchema = z.tuple([z.int(), z.string().regex(/^\d+$/).refine(isBigint).nullable()]);

/** As `next_cursor` of an answer has it: URL-safe, and opaque to who sends it back. */
export const encodeCursor = ({ micros, id }: Cursor): string =>
  Buffer.from(JSON.stringify([micros, id])).toString("base64url");

/** @throws Fault invalid for text that no search gave */
export function decodeCursor(text: string): Cursor {
  try {
    const [micros, id] = cursorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return { micros, id };
  } catch {
    throw invalidField("cursor", "must be one that a search gave");
  }
}
