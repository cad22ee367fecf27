"use client";

import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { SERVICE_PATTERN } from "./send-state";

/** The name that configurations say; one that can't stand in all of them as it is is not taken. */
export function ServiceInput({ service, change }: { service: string; change: (service: string) => void }) {
  const [value, setValue] = useState(service);
  // Back, or a link, may say another one.
  useEffect(() => setValue(service), [service]);
  const isGood = SERVICE_PATTERN.test(value);
  const take = () => {
    if (isGood && value !== service) change(value);
  };
  return (
    <TextInput
      label="Service"
      description="Whose lines these are: the name under which they are shown, counted and alerted on."
      maw={360}
      value={value}
      error={isGood ? undefined : "letters, digits, dots, dashes and underscores, at most 100"}
      onChange={({ currentTarget }) => setValue(currentTarget.value)}
      onBlur={take}
      onKeyDown={({ key }) => {
        if (key === "Enter") take();
      }}
    />
  );
}
