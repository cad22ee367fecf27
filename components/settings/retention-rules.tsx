"use client";

import { ActionIcon, Autocomplete, Button, Divider, Group, NumberInput, Select, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useServiceNames } from "@/components/api/use-services";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import type { RetentionForm } from "./retention-form";

/** Rules for services and levels, each a line. */
export function RetentionRules({ form }: { form: RetentionForm }) {
  const { rules } = form.values;
  return (
    <Stack gap="xs" component="fieldset" m={0} p={0} bd="none">
      <Text component="legend" size="sm" fw={600} p={0} mb={4}>
        Rules
      </Text>
      <Text size="sm">
        For services and levels that are kept for another time. The most specific wins: a rule for a service and a
        level, then one for the service, then one for the level.
      </Text>
      {rules.map((_rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
        <Rule key={index} form={form} index={index} />
      ))}
      {rules.length < LIMITS.retentionRules && (
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => form.insertListItem("rules", { service: "", level: "", days: "" })}
          >
            Add a rule
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Rule({ form, index }: { form: RetentionForm; index: number }) {
  const [isTyping, setTyping] = useState(false);
  const names = useServiceNames(isTyping ? (form.values.rules[index]?.service ?? "") : null);
  const service = form.getInputProps(`rules.${index}.service`);
  const level = form.getInputProps(`rules.${index}.level`);
  const number = index + 1;
  return (
    <Group align="flex-start" gap="xs" role="group" aria-label={`Rule ${number}`}>
      <Divider hiddenFrom="sm" w="100%" />
      <Autocomplete
        aria-label={`Service of rule ${number}`}
        placeholder="every service"
        flex="1 1 180px"
        maw={300}
        data={names}
        filter={({ options }) => options}
        {...service}
        onFocus={() => setTyping(true)}
      />
      <Select
        aria-label={`Level of rule ${number}`}
        placeholder="every level"
        w={140}
        clearable
        data={[...LEVELS]}
        {...level}
        value={form.values.rules[index]?.level || null}
        onChange={(value) => form.setFieldValue(`rules.${index}.level`, value ?? "")}
      />
      <NumberInput
        aria-label={`Days of rule ${number}`}
        placeholder="days"
        w={110}
        min={1}
        suffix=" days"
        {...form.getInputProps(`rules.${index}.days`)}
      />
      <ActionIcon
        size="lg"
        variant="subtle"
        color="red"
        aria-label={`Remove rule ${number}`}
        onClick={() => form.removeListItem("rules", index)}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
