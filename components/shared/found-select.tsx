"use client";

import { Select, type SelectProps } from "@mantine/core";
import { formatCount } from "./format";

/** Stands below what was found; nothing is called so, as names have no control characters. */
const MORE = "\0";

export type FoundOption = { value: string; label: string };

type FoundSelectProps = Omit<SelectProps, "data" | "filter" | "searchable" | "value" | "onChange"> & {
  /** What the server found by `searchValue`. */
  found: readonly FoundOption[];
  /** How many more there are. */
  more: number;
  /** Of what one types a part to see the others. */
  by?: string;
  chosen: FoundOption | null;
  choose(option: FoundOption | null): void;
};

/** One of any number, which the server looks for by what is typed. What is chosen is always among them. */
export function FoundSelect({ found, more, by = "", chosen, choose, ...props }: FoundSelectProps) {
  const isAmong = chosen === null || found.some(({ value }) => value === chosen.value);
  const shown = isAmong ? found : [chosen, ...found];
  const rest = { value: MORE, label: `and ${formatCount(more)} more: type a part${by}`, disabled: true };
  return (
    <Select
      {...props}
      searchable
      data={more > 0 ? [...shown, rest] : [...shown]}
      // It was looked for on the server, and need not read like what is typed.
      filter={({ options }) => options}
      value={chosen?.value ?? null}
      onChange={(value) => choose(shown.find((option) => option.value === value) ?? null)}
    />
  );
}
