"use client";

import { hashKey } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useUnsaved } from "@/components/access/session-end";

type Form<Values> = {
  getValues(): Values;
  /** Since resetDirty: of then. */
  getInitialValues(): Values;
  setValues(values: Values): void;
  resetDirty(values: Values): void;
};

/** What saves the form. */
type Change = { isPending: boolean; reset(): void };

/** What is stored, as the form has it. */
type Stored<Values> = { values: Values; updatedAt: string | null };

/**
 * Keeps a form at what is stored while nothing is typed in it: pages that browsers and Next.js keep to go back to are old, and others
 * save too. What is typed stays, and is refused by the server when it was made from what is no more.
 * @returns `isDirty`: whether something is typed that is not saved; `madeFrom`: the updated_at of what the form was made from; `saved` takes what was sent, so that what was typed meanwhile
 * still counts as not saved; `showStored` gives up what was typed for what somebody else has stored meanwhile; null: nobody has
 */
export function useStoredForm<Values>(form: Form<Values>, stored: Stored<Values>, change: Change) {
  const [madeFrom, setMadeFrom] = useState(stored.updatedAt);
  const take = () => {
    form.setValues(stored.values);
    form.resetDirty(stored.values);
    setMadeFrom(stored.updatedAt);
  };
  // An answer that was on its way while something was saved is older: both are ISO 8601 in UTC.
  const isNewer = (stored.updatedAt ?? "") > (madeFrom ?? "");
  // The form's own isDirty forgets rows of a list when a field beside it was changed and put back.
  const isDirty = hashKey([form.getValues()]) !== hashKey([form.getInitialValues()]);
  useUnsaved(isDirty);
  const follows = isNewer && !isDirty && !change.isPending;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each that is newer
  useEffect(() => {
    if (follows) take();
  }, [follows, stored.updatedAt]);
  const saved = (values: Values, updatedAt: string | null) => {
    form.resetDirty(values);
    setMadeFrom(updatedAt);
  };
  const showStored = () => {
    take();
    change.reset();
  };
  return { isDirty, madeFrom, saved, showStored: stored.updatedAt === madeFrom ? null : showStored };
}
