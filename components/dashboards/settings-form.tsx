"use client";

import { ActionIcon, Button, Fieldset, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconTrash } from "@tabler/icons-react";
import { useEffect } from "react";
import { DialogButtons } from "@/components/shared/dialog-buttons";
import type { Variable } from "@/core/dashboards/definition";
import type { DashboardInput } from "@/core/dashboards/schemas";
import { LIMITS } from "@/core/limits";
import { readRange } from "@/core/search/named-range";

type SettingsFormProps = {
  input: DashboardInput;
  save(input: DashboardInput): void;
  close(): void;
  /** Closes it, too, but asks first where something is typed. */
  wantToClose(): void;
  /** Is told whether something is typed that would be lost. */
  tellTyping(isTyping: boolean): void;
};

const VARIABLE_NAME = /^[a-z][a-z0-9_]{0,39}$/i;

/** What is of the whole dashboard: its name, its time and what can be chosen. */
export function SettingsForm({ input, save, close, wantToClose, tellTyping }: SettingsFormProps) {
  const form = useForm({
    initialValues: {
      name: input.name,
      description: input.description,
      range: input.definition.range,
      variables: [...input.definition.variables],
    },
    validate: {
      name: (name) => (name.trim() === "" ? "must not be empty" : null),
      range: (range) => (readRange(range) === null ? "must be such as 45m, 1h, 7d, today or this-week" : null),
      variables: {
        name: (name, { variables }) => {
          if (!VARIABLE_NAME.test(name)) return "must be a letter, then letters, digits or _";
          const same = variables.filter((one) => one.name.toLowerCase() === name.toLowerCase());
          return same.length > 1 ? "is the name of another one too" : null;
        },
        field: (field) => (field.trim() === "" ? "must not be empty" : null),
      },
    },
  });
  const isTyping = form.isDirty();
  useEffect(() => tellTyping(isTyping), [tellTyping, isTyping]);
  const { variables } = form.values;
  const submit = form.onSubmit(({ name, description, range, variables }) =>
    save({
      name: name.trim(),
      description: description.trim(),
      definition: {
        ...input.definition,
        range: readRange(range)?.name ?? range,
        variables: variables.map((variable) => ({
          ...variable,
          field: variable.field.trim(),
          label: variable.label.trim(),
        })),
      },
    }),
  );
  return (
    <Modal stackId="form" opened onClose={wantToClose} title="Name, time and variables" size="lg">
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Name"
            required
            data-autofocus
            maxLength={LIMITS.dashboardNameCharacters}
            {...form.getInputProps("name")}
          />
          <Textarea label="Description" autosize maxLength={1_000} {...form.getInputProps("description")} />
          <TextInput
            label="Time"
            description="When a link names none: 15m, 1h, 7d, today, this-week."
            {...form.getInputProps("range")}
          />
          <Fieldset legend="Variables">
            <Stack>
              <Text size="sm" c="dimmed">
                What is chosen above the panels stands in their queries as the value of a field, such as
                service:$service.
              </Text>
              {variables.map((variable, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
                <Group key={place} align="start" wrap="nowrap" gap="xs">
                  <TextInput label="Name" leftSection="$" flex={1} {...form.getInputProps(`variables.${place}.name`)} />
                  <TextInput label="Field" flex={1} {...form.getInputProps(`variables.${place}.field`)} />
                  <TextInput label="Shown as" flex={1} {...form.getInputProps(`variables.${place}.label`)} />
                  <ActionIcon
                    variant="subtle"
                    color="red"
                    mt={26}
                    size={36}
                    aria-label={`Take out the variable ${variable.name}`}
                    onClick={() => form.removeListItem("variables", place)}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              ))}
              <Button
                variant="default"
                size="compact-sm"
                style={{ alignSelf: "start" }}
                disabled={variables.length >= LIMITS.variables}
                onClick={() => form.insertListItem("variables", newVariable(variables))}
              >
                Add a variable
              </Button>
            </Stack>
          </Fieldset>
          <DialogButtons action="Use it" cancel={close} />
        </Stack>
      </form>
    </Modal>
  );
}

/** The first is likely to be the service. */
const newVariable = (variables: readonly Variable[]): Variable =>
  variables.some(({ field }) => field === "service")
    ? { name: `variable${variables.length + 1}`, label: "", field: "", values: [] }
    : { name: "service", label: "Service", field: "service", values: [] };
