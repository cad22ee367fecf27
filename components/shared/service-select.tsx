"use client";

import { Select } from "@mantine/core";
import { useState } from "react";
import { useServiceNames } from "@/components/api/use-services";

/** One service or every one, of any number: names come as they are typed. */
export function ServiceSelect({ value, onChange }: { value: string | null; onChange(value: string | null): void }) {
  const [typed, setTyped] = useState(value ?? "");
  // What is chosen already is not what is looked for.
  const names = useServiceNames(typed === value ? "" : typed);
  const shown = value === null || names.includes(value) ? names : [value, ...names];
  return (
    <Select
      aria-label="Service"
      placeholder="every service"
      clearable
      searchable
      w={200}
      data={shown}
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      value={value}
      onChange={onChange}
    />
  );
}
