import type { ReactNode } from "react";

type Form = { getInputNode(path: string): HTMLElement | null };

/** What a form does when it is not valid: leads to the first field that is wrong, which may be far above the button. */
export const focusFirstError =
  (form: Form) =>
  (errors: Readonly<Record<string, ReactNode>>): void => {
    const wrong = Object.keys(errors).flatMap((path) => nodeOf(form, path) ?? []);
    const isBefore = (one: Node, other: Node) =>
      (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;
    const [first] = wrong.sort((one, other) => (isBefore(one, other) ? -1 : 1));
    first?.focus();
  };

/** Of the field, or of that which it is a part of: a list may have one input. */
function nodeOf(form: Form, path: string): HTMLElement | null {
  if (path === "") return null;
  return form.getInputNode(path) ?? nodeOf(form, path.split(".").slice(0, -1).join("."));
}
