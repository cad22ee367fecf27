import { z } from "zod";
import { conflict, type Fault } from "./errors";

/**
 * `updated_at` of what a change was made from, so that nobody undoes what somebody else did meanwhile; null: of what nobody had
 * changed yet; left out: whatever is there is changed.
 */
export const madeFromSchema = z.iso
  .datetime({ offset: true, error: "must be the updated_at of what the change was made from" })
  .transform((text) => new Date(text))
  .nullable()
  .optional();

export type MadeFrom = z.output<typeof madeFromSchema>;

/** @param what such as "the alert" */
export const changedMeanwhile = (what: string): Fault =>
  conflict(`${what} changed meanwhile, and your change was made from what was there before`);

/** @throws Fault conflict when what is there is not what the change was made from */
export function refuseChanged(what: string, updatedAt: Date, madeFrom: MadeFrom): void {
  if (madeFrom !== undefined && madeFrom?.getTime() !== updatedAt.getTime()) throw changedMeanwhile(what);
}
