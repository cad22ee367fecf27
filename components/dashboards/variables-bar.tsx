"use client";

import { Loader, TagsInput } from "@mantine/core";
import { useState } from "react";
import { useFieldValues } from "@/components/api/use-dashboards";
import { useServiceNames } from "@/components/api/use-services";
import { useTyped } from "@/components/shared/use-typed";
import type { Variable } from "@/core/dashboards/definition";
import type { PanelTime } from "@/core/dashboards/panel-source";
import type { Chosen } from "@/core/dashboards/put-variables";
import { LIMITS } from "@/core/limits";
import { knownField } from "@/core/search/query/field-names";

type VariablesBarProps = {
  variables: readonly Variable[];
  chosen: Chosen;
  time: PanelTime;
  choose(variable: Variable, values: readonly string[]): void;
};

/** What panels are narrowed to: values that there are are offered, and others can be typed. */
export function VariablesBar({ variables, chosen, time, choose }: VariablesBarProps) {
  return variables.map((variable) => (
    <VariableInput
      key={variable.name}
      variable={variable}
      values={chosen[variable.name] ?? []}
      time={time}
      choose={(values) => choose(variable, values)}
    />
  ));
}

type VariableInputProps = {
  variable: Variable;
  values: readonly string[];
  time: PanelTime;
  choose(values: readonly string[]): void;
};

function VariableInput({ variable: { name, label, field }, values, time, choose }: VariableInputProps) {
  const [typed, setTyped] = useState("");
  const [isOpen, setOpen] = useState(false);
  const wanted = useTyped(typed);
  const isService = knownField(field) === "service";
  const services = useServiceNames(isOpen && isService ? typed : null);
  const found = useFieldValues(field, wanted, time, isOpen && !isService);
  const shown = label === "" ? name : label;
  return (
    <TagsInput
      aria-label={shown}
      placeholder={values.length === 0 ? `${shown}: all` : undefined}
      leftSection={found.isFetching ? <Loader size={14} aria-label="Looking for values" /> : undefined}
      w={{ base: "100%", xs: "auto" }}
      miw={180}
      maw={420}
      clearable
      clearButtonProps={{ "aria-label": `All values of ${shown}` }}
      maxTags={LIMITS.variableValues}
      splitChars={[]}
      // It may be typed only to look for others.
      acceptValueOnBlur={false}
      filter={({ options }) => options}
      data={isService ? services : found.values}
      value={[...values]}
      onChange={choose}
      searchValue={typed}
      onSearchChange={setTyped}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
    />
  );
}
