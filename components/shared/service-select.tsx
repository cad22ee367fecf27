"use client";

import { useState } from "react";
import { useFoundServices } from "@/components/api/use-services";
import { FoundSelect } from "./found-select";

const optionOf = (name: string) => ({ value: name, label: name });

/** One service or every one, of any number: names come as they are typed. */
export function ServiceSelect({ value, onChange }: { value: string | null; onChange(value: string | null): void }) {
  const [typed, setTyped] = useState(value ?? "");
  // What is chosen already is not what is looked for.
  const { names, total } = useFoundServices(typed === value ? "" : typed);
  return (
    <FoundSelect
      aria-label="Service"
      placeholder="every service"
      clearable
      w={200}
      found={names.map(optionOf)}
      more={total - names.length}
      searchValue={typed}
      onSearchChange={setTyped}
      chosen={value === null ? null : optionOf(value)}
      choose={(option) => onChange(option?.value ?? null)}
    />
  );
}
