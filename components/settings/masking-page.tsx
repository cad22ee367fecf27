"use client";

import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { z } from "zod";
import { useChangeMasking, useMasking } from "@/components/api/use-settings";
import { CutNote } from "@/components/shared/cut-note";
import { type Column, DataTable } from "@/components/shared/data-table";
import { formatCount } from "@/components/shared/format";
import { Section } from "@/components/shared/section";
import { ServiceLink } from "@/components/shared/service-link";
import { StaleNotice } from "@/components/shared/stale-notice";
import { LIMITS } from "@/core/limits";
import { type MaskedService, type Masking, maskingSchema, type maskingStateSchema } from "@/core/settings/schemas";
import { SaveSettings } from "./save-settings";
import { SettingsPage } from "./settings-page";
import { useSettingsForm } from "./use-settings-form";

const COLUMNS: Column<MaskedService>[] = [
  {
    label: "Service",
    cell: ({ service }) => <ServiceLink service={service} size="sm" />,
  },
  { label: "Places masked", align: "right", cell: ({ masked }) => formatCount(masked) },
];

type State = z.infer<typeof maskingStateSchema>;

export function MaskingPage({ initial }: { initial: State }) {
  const { data = initial, error } = useMasking(initial);
  return (
    <SettingsPage>
      <Section title="Masking">
        <MaskingForm data={data} />
      </Section>
      <Section title="What was masked">
        <StaleNotice error={error} />
        <DataTable
          label="What was masked"
          columns={COLUMNS}
          rows={data.services}
          rowKey={({ service }) => service}
          empty="Nothing yet."
          minWidth={320}
        />
        {data.services_total > data.services.length && (
          <CutNote shown={data.services.length} total={data.services_total} of="services, those with the most" />
        )}
      </Section>
    </SettingsPage>
  );
}

function MaskingForm({ data }: { data: State }) {
  const change = useChangeMasking();
  const form = useForm<Masking>({
    initialValues: data.settings,
    validate: schemaResolver(maskingSchema, { sync: true }),
  });
  const stored = { values: data.settings, updatedAt: data.updated_at };
  const { isDirty, showStored, submit } = useSettingsForm(form, stored, change, (values) => values);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm">
          What is found in messages, tags and attributes becomes [masked] before it is stored, counted or shown. What is
          stored already stays as it is.
        </Text>
        <Checkbox label="E-mail addresses" {...form.getInputProps("emails", { type: "checkbox" })} />
        <Checkbox
          label="Card numbers"
          description="13 to 19 digits with a right check digit"
          {...form.getInputProps("cards", { type: "checkbox" })}
        />
        <Checkbox
          label="Tokens"
          description="What follows Bearer or Basic, JSON Web Tokens, and API keys of Cordwood"
          {...form.getInputProps("tokens", { type: "checkbox" })}
        />
        <Text size="sm" fw={600}>
          And what matches one of these regular expressions
        </Text>
        {form.values.expressions.map((_expression, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
          <Group key={index} align="flex-start" wrap="nowrap">
            <TextInput
              aria-label={`Regular expression ${index + 1}`}
              ff="monospace"
              flex={1}
              maw={500}
              placeholder="customer-\d{6}"
              {...form.getInputProps(`expressions.${index}`)}
            />
            <ActionIcon
              size="lg"
              variant="subtle"
              color="red"
              aria-label={`Remove regular expression ${index + 1}`}
              onClick={() => form.removeListItem("expressions", index)}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {form.values.expressions.length < LIMITS.masks && (
          <Group>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => form.insertListItem("expressions", "")}
            >
              Add one
            </Button>
          </Group>
        )}
        <SaveSettings
          change={change}
          isDirty={isDirty}
          saved="Saved: it holds for entries from now on."
          errors={form.errors}
          showStored={showStored}
        />
      </Stack>
    </form>
  );
}
