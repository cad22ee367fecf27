"use client";

import {
  Autocomplete,
  Checkbox,
  NumberInput,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useConfig, useCreateConfig, useTestConfig, useUpdateConfig } from "@/components/api/use-alerts";
import { useServiceNames } from "@/components/api/use-services";
import { emptyToNull } from "@/components/shared/empty-to-null";
import { focusFirstError } from "@/components/shared/focus-first-error";
import { PageTitle } from "@/components/shared/page-title";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { severalInputProps } from "@/components/shared/several-input-props";
import { showErrors } from "@/components/shared/show-errors";
import { useStoredForm } from "@/components/shared/use-stored-form";
import { useClocks } from "@/components/time-zone/time-zone";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import { isSameDestination } from "@/core/alerts/receivers/is-same-destination";
import { type AlertConfig, alertConfigInputSchema, WEBHOOK_FORMATS } from "@/core/alerts/schemas";
import { AlertFormEnd, leaveForm } from "./alert-form-end";
import { ConfigPreview } from "./config-preview";
import { type QuietValues, quietValuesOf } from "./quiet-fields";
import {
  FORMAT_LABELS,
  ReceiversFields,
  type ReceiverValues,
  receiverInputsOf,
  receiverValuesOf,
  storedSecretNote,
} from "./receivers-fields";
import { NoMailServer, TellingFields } from "./telling-fields";

/** As the inputs hold them: an empty number is "". */
type Values = Omit<
  AlertConfig,
  "id" | "created_at" | "updated_at" | "webhook_secret_set" | "receivers" | "quiet_hours" | Optional
> &
  Record<Optional, number | string | null> &
  QuietValues & {
    alert_email: string;
    alert_webhook_url: string;
    webhook_secret: string;
    runbook_url: string;
    receivers: ReceiverValues[];
  };
type Optional = "pattern_threshold_per_min" | "remind_every_minutes" | "no_logs_minutes";

const inputOf = ({ quiet, quiet_hours, receivers, ...values }: Values) => ({
  ...values,
  quiet_hours: quiet ? quiet_hours : null,
  receivers: receiverInputsOf(receivers),
  pattern_threshold_per_min: emptyToNull(values.pattern_threshold_per_min),
  remind_every_minutes: emptyToNull(values.remind_every_minutes),
  no_logs_minutes: emptyToNull(values.no_logs_minutes),
});

function valuesOf(config: AlertConfig | null, service: string, zone: string): Values {
  return {
    service: config?.service ?? service,
    error_threshold_per_min: config?.error_threshold_per_min ?? 10,
    warning_threshold_per_min: config?.warning_threshold_per_min ?? 50,
    pattern_threshold_per_min: config?.pattern_threshold_per_min ?? "",
    notify_new_patterns: config?.notify_new_patterns ?? false,
    alert_email: config?.alert_email ?? "",
    alert_webhook_url: config?.alert_webhook_url ?? "",
    webhook_format: config?.webhook_format ?? "generic",
    webhook_secret: "",
    resolve_after_minutes: config?.resolve_after_minutes ?? 5,
    notify_resolved: config?.notify_resolved ?? true,
    remind_every_minutes: config?.remind_every_minutes ?? "",
    no_logs_minutes: config?.no_logs_minutes ?? "",
    except_services: config?.except_services ?? [],
    receivers: receiverValuesOf(config?.receivers ?? []),
    runbook_url: config?.runbook_url ?? "",
    ...quietValuesOf(config?.quiet_hours ?? null, zone),
    enabled: config?.enabled ?? true,
  };
}

/** Whether calls no longer go where the secret that is stored was meant to go. */
const isElsewhere = (config: AlertConfig, { alert_webhook_url, webhook_format }: Values): boolean =>
  !isSameDestination(
    { channel: "webhook", target: config.alert_webhook_url ?? "", format: config.webhook_format },
    { channel: "webhook", target: alert_webhook_url.trim(), format: webhook_format },
  );

type ConfigFormProps = {
  /** Null for a new one. */
  initial: AlertConfig | null;
  /** For a new one: the service that it is for, when the way here named one. */
  service: string;
  mailReady: boolean;
};

export function ConfigForm({ initial, service, mailReady }: ConfigFormProps) {
  const router = useRouter();
  const { zone } = useClocks();
  const config = useConfig(initial) ?? null;
  const create = useCreateConfig();
  const update = useUpdateConfig();
  const test = useTestConfig();
  const resolve = schemaResolver(alertConfigInputSchema, { sync: true });
  const form = useForm<Values>({
    initialValues: valuesOf(config, service, zone),
    validate: (values) => resolve(inputOf(values)),
  });
  const [excepted, setExcepted] = useState("");
  const isForAll = form.values.service === EVERY_SERVICE;
  const names = useServiceNames(isForAll ? excepted : form.values.service, { unwatched: true });
  const saving = config ? update : create;

  const stored = { values: valuesOf(config, service, zone), updatedAt: config?.updated_at ?? null };
  const { isDirty, madeFrom, showStored } = useStoredForm(form, stored, saving);
  const submit = form.onSubmit((values) => {
    const done = { onError: showErrors(form), onSuccess: () => leaveForm(router) };
    const input = inputOf(values);
    if (!config) return create.mutate(input, done);
    const { webhook_secret, service: name, ...change } = input;
    const isKept = webhook_secret === "" && !isElsewhere(config, values);
    const secret = isKept ? {} : { webhook_secret };
    update.mutate({ service: name, change: { ...change, ...secret, updated_at: madeFrom } }, done);
  }, focusFirstError(form));

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <PageTitle>{config ? `Alert for ${plainText(config.service)}` : "New alert"}</PageTitle>
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Section title="When">
            <Stack>
              <Autocomplete
                label="Service"
                description="One that sends logs, or will; * for every service that has no alert of its own"
                data={isForAll ? [] : names}
                filter={({ options }) => options}
                disabled={config !== null}
                required
                {...form.getInputProps("service")}
              />
              {isForAll && (
                <TagsInput
                  label="But not"
                  description="Services that it is not for"
                  data={names}
                  filter={({ options }) => options}
                  searchValue={excepted}
                  onSearchChange={setExcepted}
                  {...severalInputProps(form, "except_services")}
                />
              )}
              <NumberInput
                label="More errors a minute than"
                description="Errors and fatals together"
                min={1}
                required
                {...form.getInputProps("error_threshold_per_min")}
              />
              <NumberInput
                label="More warnings a minute than"
                min={1}
                required
                {...form.getInputProps("warning_threshold_per_min")}
              />
              <NumberInput
                label="Or one error pattern more often a minute than"
                description="Errors that are alike, counted by themselves; empty: not watched"
                min={1}
                {...form.getInputProps("pattern_threshold_per_min")}
                value={form.values.pattern_threshold_per_min ?? ""}
              />
              <Checkbox
                label="Or an error pattern that the service never had"
                {...form.getInputProps("notify_new_patterns", { type: "checkbox" })}
              />
              <NumberInput
                label="Or no logs for"
                description="Minutes; empty: silence is fine"
                min={1}
                {...form.getInputProps("no_logs_minutes")}
                value={form.values.no_logs_minutes ?? ""}
              />
              <NumberInput
                label="Over when all is well for"
                description="Minutes"
                min={1}
                required
                {...form.getInputProps("resolve_after_minutes")}
              />
            </Stack>
          </Section>
          <Section title="Who is told">
            <Stack>
              <TextInput
                label="E-mail addresses"
                description="Separated by commas"
                placeholder="ops@example.com, dev@example.com"
                {...form.getInputProps("alert_email")}
              />
              {!mailReady && <NoMailServer />}
              <TextInput
                label="Webhook URL"
                placeholder="https://hooks.slack.com/services/..."
                {...form.getInputProps("alert_webhook_url")}
              />
              <Select
                label="Webhook format"
                allowDeselect={false}
                data={WEBHOOK_FORMATS.map((value) => ({ value, label: FORMAT_LABELS[value] }))}
                {...form.getInputProps("webhook_format")}
              />
              <PasswordInput
                label="Webhook secret"
                description={
                  config?.webhook_secret_set
                    ? storedSecretNote(isElsewhere(config, form.values))
                    : "Signs each call, by the Standard Webhooks rules"
                }
                autoComplete="new-password"
                {...form.getInputProps("webhook_secret")}
              />
              <ReceiversFields form={form} more />
              <TellingFields form={form} />
            </Stack>
          </Section>
        </SimpleGrid>
        <AlertFormEnd
          isNew={config === null}
          isDirty={isDirty}
          saving={saving}
          errors={form.errors}
          showStored={showStored}
          test={test}
          sendTest={() => config !== null && test.mutate(config.service)}
        />
        {/* Behind what is pressed: it comes and changes its height while one types. */}
        <ConfigPreview
          service={form.values.service}
          errorThreshold={form.values.error_threshold_per_min}
          warningThreshold={form.values.warning_threshold_per_min}
          patternThreshold={emptyToNull(form.values.pattern_threshold_per_min)}
          withNewPatterns={form.values.notify_new_patterns}
          resolveAfter={form.values.resolve_after_minutes}
          take={(thresholds) => form.setValues(thresholds)}
        />
      </Stack>
    </form>
  );
}
