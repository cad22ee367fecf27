"use client";

import { ActionIcon, Autocomplete, Button, Group, NumberInput, Select, TagsInput, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { LIMITS } from "@/core/limits";
import { DEFAULT_PIPES } from "../view-of";
import { AUTO_STEPS, type Built, type BuiltMeasure, needsField, readPipes, writePipes } from "./built-pipes";
import classes from "./stats-builder.module.css";

const CALLS: readonly [string, string][] = [
  ["count", "count"],
  ["rate", "rate per second"],
  ["count_distinct", "different values"],
  ["sum", "sum"],
  ["avg", "average"],
  ["min", "least"],
  ["max", "greatest"],
  ["median", "median"],
  ["p90", "90th percentile"],
  ["p95", "95th percentile"],
  ["p99", "99th percentile"],
  ["first", "first value"],
  ["last", "last value"],
];

const WHOLE = "whole";
const STEPS: readonly [string, string][] = [
  [WHOLE, "the whole time"],
  [AUTO_STEPS, "time"],
  ...["1m", "5m", "15m", "1h", "1d"].map((step): [string, string] => [step, `steps of ${step}`]),
];

const KEYS = ["service", "level", "pattern", "tag", "hour", "weekday"];
const MOST_MEASURES = 5;

type StatsBuilderProps = {
  /** What comes after the query's first pipe; null for a query of lines. */
  pipes: string | null;
  /** Paths of attributes that what was found has. */
  attributes: readonly string[];
  setPipes(pipes: string): void;
};

/** What is computed of the lines, for who doesn't want to type it: it writes the query, and shows the one that was typed. */
export function StatsBuilder({ pipes, attributes, setPipes }: StatsBuilderProps) {
  const [built, setBuilt] = useState<Built | null>(() => readPipes(pipes ?? DEFAULT_PIPES));
  useEffect(() => setBuilt(readPipes(pipes ?? DEFAULT_PIPES)), [pipes]);
  if (!built) {
    return (
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          The query says more than the form can show.
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => setPipes(DEFAULT_PIPES)}>
          Begin anew with the form
        </Button>
      </Group>
    );
  }
  const change = (more: Partial<Built>) => {
    const next = { ...built, ...more };
    setBuilt(next);
    const written = writePipes(next);
    if (written !== null && written !== pipes) setPipes(written);
  };
  const setMeasure = (place: number, measure: BuiltMeasure) =>
    change({ measures: built.measures.map((one, at) => (at === place ? measure : one)) });
  const { measures, by, over, limit } = built;
  return (
    <fieldset className={classes.builder} aria-label="What is computed">
      {measures.map((measure, place) => (
        <MeasureInputs
          // They have no other name: the one that is changed stays in its place.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={place}
          label={place === 0 ? "" : `, measure ${place + 1}`}
          measure={measure}
          attributes={attributes}
          set={(changed) => setMeasure(place, changed)}
          remove={measures.length > 1 ? () => change({ measures: measures.filter((_, at) => at !== place) }) : null}
        />
      ))}
      {measures.length < MOST_MEASURES && (
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Add a measure"
          onClick={() => setBuilt({ ...built, measures: [...measures, { call: "p95", field: null, name: null }] })}
        >
          <IconPlus size={14} aria-hidden />
        </ActionIcon>
      )}
      <span className={classes.word}>by</span>
      <TagsInput
        aria-label="Grouped by"
        size="xs"
        className={classes.keys}
        placeholder={by.length === 0 ? "nothing" : undefined}
        data={[...new Set([...KEYS, ...attributes])]}
        value={by}
        acceptValueOnBlur={false}
        maxTags={LIMITS.statsColumns - measures.length - 1}
        onChange={(keys) => change({ by: keys.map((key) => key.trim()).filter((key) => key !== "") })}
      />
      <span className={classes.word}>over</span>
      <Select
        aria-label="Over"
        size="xs"
        w={140}
        allowDeselect={false}
        value={over ?? WHOLE}
        onChange={(value) => change({ over: value === WHOLE ? null : value, limit: value === WHOLE ? limit : null })}
        data={options(STEPS, over, (step) => `steps of ${step}`)}
      />
      {over === null && by.length > 0 && (
        <>
          <span className={classes.word}>the first</span>
          <LimitInput limit={limit} set={(changed) => change({ limit: changed })} />
        </>
      )}
    </fieldset>
  );
}

type LimitInputProps = { limit: number | null; set(limit: number | null): void };

/** Taken when it is whole: each digit would be a query, and a step of the browser's history. */
function LimitInput({ limit, set }: LimitInputProps) {
  const [typed, setTyped] = useState<number | string>(limit ?? "");
  useEffect(() => setTyped(limit ?? ""), [limit]);
  const take = () => {
    const whole = typeof typed === "number" && typed >= 1 ? Math.min(typed, LIMITS.statsGroups) : null;
    if (whole !== limit) set(whole);
    else setTyped(limit ?? "");
  };
  return (
    <NumberInput
      aria-label="Most rows"
      size="xs"
      w={80}
      placeholder="all"
      min={1}
      max={LIMITS.statsGroups}
      allowDecimal={false}
      value={typed}
      onChange={setTyped}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
      }}
    />
  );
}

type MeasureInputsProps = {
  /** Behind the names of the inputs, where there are several. */
  label: string;
  measure: BuiltMeasure;
  attributes: readonly string[];
  set(measure: BuiltMeasure): void;
  remove: (() => void) | null;
};

function MeasureInputs({ label, measure, attributes, set, remove }: MeasureInputsProps) {
  const { call, field } = measure;
  const [typed, setTyped] = useState(field ?? "");
  useEffect(() => setTyped(field ?? ""), [field]);
  const take = (text: string) => {
    const named = text.trim() === "" ? null : text.trim();
    if (named !== field) set({ call, field: named, name: null });
  };
  return (
    <>
      <Select
        aria-label={`Measure${label}`}
        size="xs"
        w={140}
        allowDeselect={false}
        value={call}
        onChange={(value) => value && set({ call: value, field, name: null })}
        data={options(CALLS, call, (other) => other)}
      />
      <span className={classes.word}>of</span>
      <Autocomplete
        aria-label={`Of${label}`}
        size="xs"
        w={150}
        placeholder={needsField(call) ? "a field" : "entries"}
        data={[...attributes]}
        value={typed}
        onChange={setTyped}
        onOptionSubmit={take}
        onBlur={() => take(typed)}
        onKeyDown={(event) => {
          if (event.key === "Enter") take(typed);
        }}
      />
      {remove && (
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Remove the measure${label}`} onClick={remove}>
          <IconX size={14} aria-hidden />
        </ActionIcon>
      )}
    </>
  );
}

/** With what is chosen and not among what is offered. */
function options(offered: readonly [string, string][], chosen: string | null, labelOf: (value: string) => string) {
  const known = chosen === null || offered.some(([value]) => value === chosen);
  return [...offered, ...(known || chosen === null ? [] : [[chosen, labelOf(chosen)] as const])].map(
    ([value, label]) => ({ value, label }),
  );
}
