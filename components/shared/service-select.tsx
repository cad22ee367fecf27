"use client";

import { Select } from "@mantine/core";
import { useState } from "react";
import { useFoundServices } from "@/components/api/use-services";
import { formatCount } from "./format";

/** Stands below the names; no service is called so, as names have no control characters. */
const MORE = "\0";

/** One service or every one, of any number: names come as they are typed. */
export function ServiceSelect({ value, onChange }: { value: string | null; onChange(value: string | null): void }) {
  const [typed, setTyped] = useState(value ?? "");
  // What is chosen already is not what is looked for.
  const { names, total } = useFoundServices(typed === value ? "" : typed);
  const shown = value === null || names.includes(value) ? names : [value, ...names];
  const more = { value: MORE, label: `and ${formatCount(total - names.length)} more: type a part`, disabled: true };
  return (
    <Select
      aria-label="Service"
      placeholder="every service"
      clearable
      searchable
      w={200}
      data={total > names.length ? [...shown, more] : shown}
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      value={value}
      onChange={onChange}
    />
  );
}
