import { Loader } from "@mantine/core";
import type { ReactNode } from "react";

type LoadedProps<Data> = {
  /** Undefined: it is not there. */
  data: Data | undefined;
  /** Why it can't be had; a notice beside it says so. */
  error: Error | null;
  children(data: Data): ReactNode;
};

/** What is asked for, once it is there: nobody is told that there is nothing before that is known. */
export function Loaded<Data>({ data, error, children }: LoadedProps<Data>) {
  if (data !== undefined) return children(data);
  return error ? null : <Loader size="sm" role="status" aria-label="Loading" />;
}
