"use client";

import { Alert, NumberInput, SimpleGrid, Stack, Text } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import type { z } from "zod";
import { useChangeRetention, useRetention } from "@/components/api/use-settings";
import { StorageNotice } from "@/components/overview/storage-notice";
import { countOf, formatBytes } from "@/components/shared/format";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { LIMITS } from "@/core/limits";
import { needsRoom, storedBytes } from "@/core/retention/needs-room";
import { retentionChangeSchema, type retentionStateSchema } from "@/core/settings/schemas";
import { RetentionEffect } from "./retention-effect";
import { inputOf, type RetentionForm, type RetentionValues, valuesOf } from "./retention-form";
import { RetentionRules } from "./retention-rules";
import { SaveSettings } from "./save-settings";
import { SettingsPage } from "./settings-page";
import { useSettingsForm } from "./use-settings-form";

type State = z.infer<typeof retentionStateSchema>;

export function RetentionPage({ initial }: { initial: State }) {
  const { data = initial, error } = useRetention(initial);
  const change = useChangeRetention();
  const resolve = schemaResolver(retentionChangeSchema, { sync: true });
  const form = useForm<RetentionValues>({
    initialValues: valuesOf(data),
    validate: (values) => resolve(inputOf(values)),
  });
  const stored = { values: valuesOf(data), updatedAt: data.updated_at };
  const { isDirty, showStored, submit } = useSettingsForm(form, stored, change, inputOf);
  const defaultDays = form.values.days === "" ? data.default_days : Number(form.values.days);
  return (
    <SettingsPage>
      <StaleNotice error={error} />
      <form onSubmit={submit} noValidate>
        <Stack>
          <Section title="Retention">
            <Stack>
              <Text size="sm">
                Entries are kept for <b>{countOf(data.days ?? data.default_days, "day")}</b>, and go by whole UTC days
                with the next run of the job retention. What has gone can't be had back.
              </Text>
              <SimpleGrid cols={{ base: 1, sm: 2 }} maw={720}>
                <NumberInput
                  label="Days"
                  description={`Of what no rule names. Empty: ${data.default_days}, as the server was started with`}
                  placeholder={String(data.default_days)}
                  min={1}
                  {...form.getInputProps("days")}
                />
                <NumberInput
                  label="Days of counts"
                  description={`By the hour and day, which charts are made of. Empty: ${defaultDays}, as above`}
                  placeholder={String(defaultDays)}
                  min={1}
                  {...form.getInputProps("counts_days")}
                />
              </SimpleGrid>
              <RetentionRules form={form} />
              <RetentionEffect values={form.values} data={data} isSaved={!isDirty} />
            </Stack>
          </Section>
          <Section title="Room">
            <DiskLimit data={data} form={form} />
          </Section>
          <SaveSettings
            change={change}
            isDirty={isDirty}
            saved="Saved: it holds from the next run on."
            errors={form.errors}
            showStored={showStored}
          />
        </Stack>
      </form>
    </SettingsPage>
  );
}

function DiskLimit({ data, form }: { data: State; form: RetentionForm }) {
  const { storage, default_max_disk_gb } = data;
  const wanted = form.values.max_disk_gb === "" ? default_max_disk_gb : Number(form.values.max_disk_gb);
  const stored = storage ? storedBytes(storage) : null;
  return (
    <Stack>
      {storage && stored !== null && (
        <Text size="sm">
          Stored: <b>{formatBytes(stored)}</b>, of which {formatBytes(storage.segment_bytes)} are sealed and{" "}
          {formatBytes(storage.database_bytes)} in the database.
        </Text>
      )}
      <NumberInput
        label="At most, in GB"
        description={`When more is stored, the oldest entries go, whatever the rules say of them. Empty: ${
          default_max_disk_gb === null ? "no limit" : `${default_max_disk_gb}, as the server was started with`
        }`}
        placeholder={default_max_disk_gb === null ? "no limit" : String(default_max_disk_gb)}
        min={0.1}
        decimalScale={3}
        maw={460}
        {...form.getInputProps("max_disk_gb")}
      />
      {stored !== null && wanted !== null && wanted * 1e9 < stored && (
        <Alert color="orange" role="status">
          That is less than is stored: the oldest {formatBytes(stored - wanted * 1e9 * LIMITS.diskFreeShare)} go within
          a few minutes.
        </Alert>
      )}
      {storage && needsRoom(storage, new Date(storage.at)) && <StorageNotice storage={storage} />}
    </Stack>
  );
}
