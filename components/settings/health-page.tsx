"use client";

import { NumberInput, SimpleGrid, Stack, Text } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import type { z } from "zod";
import { useChangeHealth, useHealth } from "@/components/api/use-settings";
import { HealthBadge } from "@/components/shared/health-badge";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { healthSchema, type healthStateSchema } from "@/core/settings/schemas";
import { type HealthValues, inputOf, valuesOf } from "./health-form";
import { SaveSettings } from "./save-settings";
import { SettingsPage } from "./settings-page";
import { useSettingsForm } from "./use-settings-form";

/** When a service is shown as OK, Warning or Error. */
export function HealthPage({ initial }: { initial: z.infer<typeof healthStateSchema> }) {
  const { data = initial, error } = useHealth(initial);
  const change = useChangeHealth();
  const resolve = schemaResolver(healthSchema, { sync: true });
  const form = useForm<HealthValues>({
    initialValues: valuesOf(data),
    validate: (values) => resolve(inputOf(values)),
  });
  const stored = { values: valuesOf(data), updatedAt: data.updated_at };
  const { isDirty, showStored, submit } = useSettingsForm(form, stored, change, inputOf);
  const count = (label: string, path: string) => (
    <NumberInput label={label} placeholder="not looked at" min={0} {...form.getInputProps(path)} />
  );
  const rate = (label: string, path: string) => (
    <NumberInput
      label={label}
      placeholder="not looked at"
      min={0}
      max={100}
      suffix=" %"
      decimalScale={3}
      {...form.getInputProps(path)}
    />
  );
  return (
    <SettingsPage>
      <StaleNotice error={error} />
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm">
            By the entries of its last hour a service is shown as Error, as Warning or as OK. Fatals count as errors;
            what is empty is not looked at.
          </Text>
          <Section title="Error">
            <Stack maw={720}>
              <Text size="sm" component="div">
                <HealthBadge status="Error" /> when there are more than any of these:
              </Text>
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                {count("Errors for Error", "error.errors")}
                {rate("Share of errors for Error", "error.error_rate")}
              </SimpleGrid>
            </Stack>
          </Section>
          <Section title="Warning">
            <Stack maw={720}>
              <Text size="sm" component="div">
                <HealthBadge status="Warning" /> else, when there are more than any of these:
              </Text>
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                {count("Errors for Warning", "warning.errors")}
                {rate("Share of errors for Warning", "warning.error_rate")}
                {count("Warnings for Warning", "warning.warnings")}
                {rate("Share of warnings for Warning", "warning.warning_rate")}
              </SimpleGrid>
            </Stack>
          </Section>
          <Section title="Shares">
            <NumberInput
              label="Shares count from so many entries on"
              description="In the last hour: of three entries, one error says little"
              min={0}
              maw={460}
              {...form.getInputProps("least_entries")}
            />
          </Section>
          <SaveSettings
            change={change}
            isDirty={isDirty}
            saved="Saved: it holds from now on."
            errors={form.errors}
            showStored={showStored}
          />
        </Stack>
      </form>
    </SettingsPage>
  );
}
