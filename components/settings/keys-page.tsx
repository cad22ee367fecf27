"use client";

import { Badge, Code, Group, Text } from "@mantine/core";
import { useKeys, useRevokeKey } from "@/components/api/use-access";
import { ConfirmButton } from "@/components/shared/confirm-button";
import { type Column, DataTable } from "@/components/shared/data-table";
import { LocalTime } from "@/components/shared/local-time";
import { PagedList } from "@/components/shared/paged-list";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { useListPlace } from "@/components/shared/use-list-place";
import type { ApiKey } from "@/core/access/schemas";
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
  const place = useListPlace("page", "search");
  const keys = useKeys(place.query);
  return (
    <SettingsPage>
      <Section title="New key">
        <KeyForm />
      </Section>
      <Section title="Keys">
        <PagedList noun="key" searchedBy="a name or maker" place={place} list={keys}>
          {(rows) => (
            <DataTable
              label="Keys"
              columns={COLUMNS}
              rows={rows}
              rowKey={({ id }) => id}
              empty="There are none. A program that sends or reads logs over the network needs one."
              minWidth={820}
            />
          )}
        </PagedList>
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
