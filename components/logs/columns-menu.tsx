"use client";

import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconColumns3, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { IconButton } from "@/components/shared/icon-button";
import { plainText } from "@/components/shared/plain-text";
import { LIMITS } from "@/core/limits";
import { DEFAULT_COLUMNS, isSame, OWN_COLUMNS } from "./columns";

const MOST_OFFERED = 20;

type ColumnsMenuProps = {
  columns: readonly string[];
  /** Attributes that were found, by their paths. */
  attributes: readonly string[];
  setColumns(columns: string[]): void;
};

/** Which columns the list has. */
export function ColumnsMenu({ columns, attributes, setColumns }: ColumnsMenuProps) {
  const [opened, { toggle, close }] = useDisclosure();
  const [name, setName] = useState("");
  const offered = [...new Set([...OWN_COLUMNS, ...columns, ...attributes])].slice(
    0,
    Math.max(MOST_OFFERED, columns.length + OWN_COLUMNS.length),
  );
  const isFull = columns.length >= LIMITS.columns;
  const add = () => {
    const column = name.trim();
    if (column === "" || isFull) return;
    if (!columns.includes(column)) setColumns([...columns, column]);
    setName("");
  };
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <IconButton label="Columns" onClick={toggle}>
          <IconColumns3 size={18} aria-hidden />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={240} mah={420} style={{ overflowY: "auto" }}>
          {offered.map((column) => {
            const isShown = columns.includes(column);
            return (
              <Checkbox
                key={column}
                label={plainText(column)}
                checked={isShown}
                disabled={!isShown && isFull}
                onChange={() =>
                  setColumns(isShown ? columns.filter((other) => other !== column) : [...columns, column])
                }
              />
            );
          })}
          <Group gap={4} wrap="nowrap" align="end">
            <TextInput
              flex={1}
              size="xs"
              label="Another attribute"
              placeholder="http.status"
              value={name}
              maxLength={LIMITS.columnCharacters}
              onChange={(event) => setName(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") add();
              }}
            />
            <ActionIcon size={30} variant="default" aria-label="Add column" onClick={add} disabled={isFull}>
              <IconPlus size={14} aria-hidden />
            </ActionIcon>
          </Group>
          {isFull && (
            <Text size="xs" c="dimmed">
              {LIMITS.columns} columns are the most.
            </Text>
          )}
          {!isSame(columns, DEFAULT_COLUMNS) && (
            <Button size="compact-sm" variant="subtle" onClick={() => setColumns(DEFAULT_COLUMNS)}>
              As before
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
