import type { UseFormReturnType } from "@mantine/form";
import type { ReactNode } from "react";

/**
 * As form.getInputProps, for an input that holds several values, such as tags: what the server says of one of them ("by.1") has no
 * input of its own, so it is shown here, until any of them changes.
 */
export function severalInputProps<Values>(
  form: Pick<UseFormReturnType<Values>, "errors" | "getInputProps" | "clearFieldError">,
  path: string,
) {
  const { onChange, ...props } = form.getInputProps(path);
  return {
    ...props,
    error: errorWithin(form.errors, path),
    onChange: (values: string[]) => {
      for (const name of Object.keys(form.errors)) if (isWithin(name, path)) form.clearFieldError(name);
      onChange(values);
    },
  };
}

const isWithin = (name: string, path: string) => name.startsWith(`${path}.`);

/** What is wrong with a field, or with a part of it. */
export const errorWithin = (errors: Readonly<Record<string, ReactNode>>, path: string): ReactNode =>
  errors[path] ?? Object.entries(errors).find(([name]) => isWithin(name, path))?.[1];
