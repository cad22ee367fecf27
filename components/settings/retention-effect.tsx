"use client";

import { Alert, Stack, Text } from "@mantine/core";
import type { z } from "zod";
import { useRetentionPreview } from "@/components/api/use-settings";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { useTyped } from "@/components/shared/use-typed";
import { LEVELS } from "@/core/levels";
import { RetentionPlan } from "@/core/retention/retention-plan";
import type { RetentionPreview } from "@/core/retention/schemas";
import { retentionChangeSchema, type retentionStateSchema } from "@/core/settings/schemas";
import { inputOf, type RetentionValues } from "./retention-form";

type Row = { service: string | null; days: number[] };
type EffectProps = { values: RetentionValues; data: z.infer<typeof retentionStateSchema>; isSaved: boolean };

/** What the form would do: the days of each service and level, and what goes with the next run. */
export function RetentionEffect({ values, data, isSaved }: EffectProps) {
  const parsed = retentionChangeSchema.safeParse(inputOf(values));
  const asked = useTyped(parsed.success ? JSON.stringify(parsed.data) : null);
  const { data: preview, error } = useRetentionPreview(asked === null ? null : JSON.parse(asked));
  if (!parsed.success) return null;
  const { days, counts_days, rules = [] } = parsed.data;
  const ofEntries = days ?? data.default_days;
  const plan = new RetentionPlan(ofEntries, counts_days ?? ofEntries, rules);
  const rows: Row[] = [
    ...plan.services.sort().map((service) => ({ service, days: LEVELS.map((level) => plan.daysOf(service, level)) })),
    { service: null, days: LEVELS.map((level) => plan.daysOfOthers(level)) },
  ];
  const columns: Column<Row>[] = [
    { label: "Days kept", cell: ({ service }) => (service === null ? everyOther(plan) : plainText(service)) },
    ...LEVELS.map((level, index): Column<Row> => ({ label: level, align: "right", cell: (row) => row.days[index] })),
  ];
  return (
    <Stack gap="xs">
      {rules.length > 0 && (
        <DataTable
          label="Days kept by service and level"
          columns={columns}
          rows={rows}
          rowKey={({ service }) => JSON.stringify(service)}
          minWidth={520}
        />
      )}
      {error && <Alert color="orange">{error.message}</Alert>}
      {preview && (
        <Alert color={preview.entries > 0 && !isSaved ? "orange" : "gray"} role="status">
          <Text size="sm">{sentence(preview, isSaved)}</Text>
        </Alert>
      )}
    </Stack>
  );
}

const everyOther = (plan: RetentionPlan) => (plan.services.length === 0 ? "every service" : "every other service");

function sentence({ entries, groups, largest }: RetentionPreview, isSaved: boolean): string {
  const when = isSaved ? "The next run" : "Saved, the next run";
  if (entries === 0) return `${when} removes nothing.`;
  const named = largest.map(
    (one) => `${one.level} of ${plainText(one.service)} ${countOf(one.entries, "entry", "entries")}`,
  );
  const others = groups - largest.length;
  const rest = others > 0 ? [`and of ${countOf(others, "other service or level", "other services and levels")}`] : [];
  return `${when} removes ${countOf(entries, "entry", "entries")}: ${[...named, ...rest].join(", ")}.`;
}
