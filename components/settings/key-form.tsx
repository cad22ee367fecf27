"use client";

import { Alert, Button, Checkbox, Group, Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useUnsaved } from "@/components/access/session-end";
import { serverClock } from "@/components/api/server-clock";
import { useCreateKey } from "@/components/api/use-access";
import { SecretOnce } from "@/components/shared/secret-once";
import { severalInputProps } from "@/components/shared/several-input-props";
import { showErrors } from "@/components/shared/show-errors";
import type { KeyScope } from "@/core/access/roles";
import { addMs, DAY_MS } from "@/core/clock";

const SCOPES: { value: KeyScope; label: string; description: string }[] = [
  { value: "ingest", label: "ingest", description: "send logs" },
  { value: "read", label: "read", description: "search, figures, exports, metrics" },
  { value: "alerts", label: "alerts", description: "read and change alerts and silences" },
];

const LENGTHS = [
  { value: "", label: "never" },
  { value: "30", label: "in 30 days" },
  { value: "90", label: "in 90 days" },
  { value: "365", label: "in a year" },
];

/** Makes an API key and shows it once. */
export function KeyForm() {
  const create = useCreateKey();
  const form = useForm({
    initialValues: { name: "", scopes: ["ingest"], services: [] as string[], length: "" },
    validate: {
      name: (name) => (name.trim() === "" ? "must not be empty" : null),
      scopes: (scopes) => (scopes.length === 0 ? "must name at least one" : null),
    },
  });
  useUnsaved(form.isDirty());
  const submit = form.onSubmit(({ length, ...values }) => {
    const expires_at =
      length === "" ? null : addMs(new Date(serverClock.nowMs()), Number(length) * DAY_MS).toISOString();
    create.mutate(
      { ...values, expires_at },
      {
        onSuccess: () => form.reset(),
        onError: showErrors(form),
      },
    );
  });
  const made = create.data;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput label="Name" placeholder="the shipper of checkout" maw={400} {...form.getInputProps("name")} />
        <Checkbox.Group label="It may" {...form.getInputProps("scopes")}>
          <Group mt={4}>
            {SCOPES.map(({ value, label, description }) => (
              <Checkbox key={value} value={value} label={label} description={description} />
            ))}
          </Group>
        </Checkbox.Group>
        <TagsInput
          label="Only these services"
          description="That it may send logs of; none: all. Enter adds one."
          maw={400}
          {...severalInputProps(form, "services")}
        />
        <Select label="It expires" maw={200} allowDeselect={false} data={LENGTHS} {...form.getInputProps("length")} />
        {create.error && (
          <Alert color="red" role="alert">
            {create.error.message}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={create.isPending}>
            Create key
          </Button>
        </Group>
        {made && (
          <SecretOnce title={`The key ${made.name}`} secret={made.key} close={() => create.reset()}>
            Copy it now: it is not shown again, and stored only as a hash.
          </SecretOnce>
        )}
      </Stack>
    </form>
  );
}
