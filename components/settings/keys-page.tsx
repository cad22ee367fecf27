"use client";

import { Badge, Code, Group, Text } from "@mantine/core";
import { useKeys, useRevokeKey } from "@/components/api/use-access";
import { ConfirmButton } from "@/components/shared/confirm-button";
import { CutList } from "@/components/shared/cut-list";
import { type Column, DataTable } from "@/components/shared/data-table";
import { Loaded } from "@/components/shared/loaded";
import { LocalTime } from "@/components/shared/local-time";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import type { ApiKey } from "@/core/access/schemas";
import { LIMITS } from "@/core/limits";
import { KeyForm } from "./key-form";
import { SettingsPage } from "./settings-page";

const COLUMNS: Column<ApiKey>[] = [
  {
    label: "Key",
    cell: ({ name, start }) => (
      <>
        <Text size="sm">{plainText(name)}</Text>
        <Code>{start}…</Code>
      </>
    ),
  },
  {
    label: "May",
    cell: ({ scopes, services }) => (
      <>
        <Group gap={4}>
          {scopes.map((scope) => (
            <Badge key={scope} variant="light" tt="none">
              {scope}
            </Badge>
          ))}
        </Group>
        {services && (
          <Text size="sm" c="dimmed">
            only {services.join(", ")}
          </Text>
        )}
      </>
    ),
  },
  {
    label: "Made",
    cell: ({ created_by, created_at }) => (
      <>
        <LocalTime time={created_at} />
        <Text size="sm" c="dimmed">
          by {created_by}
        </Text>
      </>
    ),
  },
  { label: "Last used", cell: ({ last_used_at }) => (last_used_at ? <LocalTime time={last_used_at} /> : "never") },
  { label: "Expires", cell: ({ expires_at }) => (expires_at ? <LocalTime time={expires_at} /> : "never") },
  {
    label: "Action",
    cell: (key) => (key.revoked_at ? <Badge color="gray">revoked</Badge> : <Revoke apiKey={key} />),
  },
];

export function KeysPage() {
  const { data, error } = useKeys();
  return (
    <SettingsPage>
      <Section title="New key">
        <KeyForm />
      </Section>
      <Section title="Keys">
        <StaleNotice error={error} hasData={data !== undefined} isPolled={false} />
        <Loaded data={data} error={error}>
          {(keys) => (
            <CutList rows={keys} most={LIMITS.listedKeys} of="keys, the newest">
              {(shown) => (
                <DataTable
                  label="Keys"
                  columns={COLUMNS}
                  rows={shown}
                  rowKey={({ id }) => id}
                  empty="There are none. A program that sends or reads logs over the network needs one."
                  minWidth={820}
                />
              )}
            </CutList>
          )}
        </Loaded>
      </Section>
    </SettingsPage>
  );
}

function Revoke({ apiKey: { id, name } }: { apiKey: ApiKey }) {
  const revoke = useRevokeKey();
  return (
    <ConfirmButton
      label="Revoke"
      question={`Revoke ${name}? Whatever sends it is refused within five seconds, for good.`}
      action="Revoke"
      isPending={revoke.isPending}
      error={revoke.error}
      act={(done) => revoke.mutate(id, { onSuccess: done })}
    />
  );
}
