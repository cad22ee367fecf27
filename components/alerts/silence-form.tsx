"use client";

import { Alert, Button, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useUnsaved } from "@/components/access/session-end";
import { serverClock } from "@/components/api/server-clock";
import { useCreateSilence } from "@/components/api/use-alerts";
import { showErrors } from "@/components/shared/show-errors";
import { useClocks } from "@/components/time-zone/time-zone";
import { INCIDENT_KINDS, type IncidentKind } from "@/core/alerts/schemas";
import { addMs, MINUTE_MS } from "@/core/clock";
import { KIND_LABELS } from "./incident-badges";

const LENGTHS = [
  { value: "30", label: "30 minutes" },
  { value: "60", label: "1 hour" },
  { value: "240", label: "4 hours" },
  { value: "1440", label: "1 day" },
  { value: "10080", label: "1 week" },
];

type SilenceFormProps = {
  initial: { service: string; kind: IncidentKind | null; reason: string; alert?: number | null };
  done(): void;
};

/** From now, or from a time given, for a while. */
export function SilenceForm({ initial, done }: SilenceFormProps) {
  const create = useCreateSilence();
  const { zone, momentOf } = useClocks();
  const form = useForm({
    initialValues: {
      service: initial.service,
      kind: initial.kind ?? "",
      starts_at: "",
      length: "60",
      reason: initial.reason,
    },
    validate: { reason: (reason) => (reason.trim() === "" ? "must not be empty" : null) },
  });
  useUnsaved(form.isDirty());
  const submit = form.onSubmit(({ service, kind, starts_at, length, reason }) => {
    const start = (starts_at === "" ? null : momentOf(starts_at)) ?? new Date(serverClock.nowMs());
    const input = {
      service: service.trim() === "" ? null : service,
      kind: kind === "" ? null : kind,
      // Of another kind, or of every one, it is no alert's alone.
      alert_id: kind === "query" ? (initial.alert ?? null) : null,
      starts_at: starts_at === "" ? undefined : start.toISOString(),
      ends_at: addMs(start, Number(length) * MINUTE_MS).toISOString(),
      reason,
    };
    create.mutate(input, {
      onSuccess: () => {
        form.reset();
        done();
      },
      onError: showErrors(form),
    });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput label="Service" description="Empty: every service" {...form.getInputProps("service")} />
        <Select
          label="Kind"
          placeholder="every kind"
          clearable
          data={INCIDENT_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }))}
          {...form.getInputProps("kind")}
          value={form.values.kind === "" ? null : form.values.kind}
          onChange={(value) => form.setFieldValue("kind", value ?? "")}
        />
        <TextInput
          type="datetime-local"
          label="From"
          description={`In ${zone}; empty: now`}
          {...form.getInputProps("starts_at")}
        />
        <Select label="For" allowDeselect={false} data={LENGTHS} {...form.getInputProps("length")} />
        <TextInput label="Reason" required maxLength={500} {...form.getInputProps("reason")} />
        {create.error && (
          <Alert color="red" role="alert">
            {create.error.message}
          </Alert>
        )}
        <Button type="submit" loading={create.isPending}>
          Silence
        </Button>
      </Stack>
    </form>
  );
}
