"use client";

import { Alert, Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import type { z } from "zod";
import { useChangeRetention, useRetention } from "@/components/api/use-settings";
import { countOf } from "@/components/shared/format";
import { Section } from "@/components/shared/section";
import { showErrors } from "@/components/shared/show-errors";
import { StaleNotice } from "@/components/shared/stale-notice";
import { retentionSchema, type retentionStateSchema } from "@/core/settings/schemas";
import { SettingsPage } from "./settings-page";

export function RetentionPage({ initial }: { initial: z.infer<typeof retentionStateSchema> }) {
  const { data = initial, error } = useRetention(initial);
  const change = useChangeRetention();
  const resolve = schemaResolver(retentionSchema, { sync: true });
  const inputOf = ({ days }: { days: number | string }) => ({ days: days === "" ? null : days });
  const form = useForm<{ days: number | string }>({
    initialValues: { days: initial.days ?? "" },
    validate: (values) => resolve(inputOf(values)),
  });
  const submit = form.onSubmit((values) =>
    change.mutate(inputOf(values), {
      onSuccess: () => form.resetDirty(),
      onError: showErrors(form),
    }),
  );
  const now = data.days ?? data.default_days;
  const wanted = form.values.days === "" ? data.default_days : Number(form.values.days);
  return (
    <SettingsPage>
      <Section title="Retention">
        <StaleNotice error={error} />
        <form onSubmit={submit} noValidate>
          <Stack maw={460}>
            <Text size="sm">
              Entries and their counts are kept for <b>{countOf(now, "day")}</b>. Older ones are dropped every day, by
              whole UTC days, and can't be had back.
            </Text>
            <NumberInput
              label="Days"
              description={`Empty: ${data.default_days}, as the server was started with`}
              min={1}
              {...form.getInputProps("days")}
            />
            {wanted < now && (
              <Alert color="orange" role="status">
                Saving this drops all that is older than {countOf(wanted, "day")}, with the next run of the job.
              </Alert>
            )}
            {change.error && (
              <Alert color="red" role="alert">
                {change.error.message}
              </Alert>
            )}
            <Group>
              <Button type="submit" loading={change.isPending} color={wanted < now ? "red" : undefined}>
                {wanted < now ? "Save and drop what is older" : "Save"}
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
    </SettingsPage>
  );
}
