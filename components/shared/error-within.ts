import type { ReactNode } from "react";

/** What is wrong with a field, or with a part of it, which may have no input of its own, such as a tag. */
export const errorWithin = (errors: Readonly<Record<string, ReactNode>>, path: string): ReactNode =>
  errors[path] ?? Object.entries(errors).find(([name]) => name.startsWith(`${path}.`))?.[1];
