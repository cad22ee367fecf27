"use client";

import { Box, Button, Code, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { parseAsString, useQueryStates } from "nuqs";
import { auditExportPath, useAudit } from "@/components/api/use-audit";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countUpTo } from "@/components/shared/format";
import { Loaded } from "@/components/shared/loaded";
import { LocalTime } from "@/components/shared/local-time";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { useTyped } from "@/components/shared/use-typed";
import { AUDIT_ACTIONS } from "@/core/access/audit/actions";
import type { AuditEvent } from "@/core/access/audit/schemas";
import { SettingsPage } from "./settings-page";

const PARAMETERS = { action: parseAsString.withDefault(""), text: parseAsString.withDefault("") };

const COLUMNS: Column<AuditEvent>[] = [
  { label: "When", cell: ({ at }) => <LocalTime time={at} /> },
  {
    label: "Who",
    cell: ({ actor, address }) => (
      <>
        <Text size="sm" miw={160}>
          {plainText(actor)}
        </Text>
        {address && (
          <Text size="sm" c="dimmed">
            {address}
          </Text>
        )}
      </>
    ),
  },
  { label: "What", cell: ({ action }) => <Code style={{ whiteSpace: "nowrap" }}>{action}</Code> },
  { label: "To", cell: ({ target }) => <Box miw={120}>{plainText(target ?? "–")}</Box> },
  {
    label: "Detail",
    cell: ({ detail }) =>
      detail && (
        <Text size="sm" c="dimmed">
          {plainText(textOf(detail))}
        </Text>
      ),
  },
];

const textOf = (detail: NonNullable<AuditEvent["detail"]>) =>
  Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");

export function AuditPage() {
  const [{ action, text }, setFilters] = useQueryStates(PARAMETERS);
  const typed = useTyped(text);
  const filters = new URLSearchParams({ ...(action !== "" && { action }), ...(typed !== "" && { text: typed }) });
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit(filters);
  return (
    <SettingsPage>
      <Section title="Audit log">
        <Stack>
          <Text size="sm">Who did what and when. It can be added to, and never changed, not even here.</Text>
          <Group align="flex-end">
            <Select
              label="Action"
              placeholder="every action"
              clearable
              searchable
              data={[...AUDIT_ACTIONS]}
              value={action === "" ? null : action}
              onChange={(value) => void setFilters({ action: value ?? "" })}
            />
            <TextInput
              label="Who or what"
              maxLength={200}
              value={text}
              onChange={({ currentTarget }) => void setFilters({ text: currentTarget.value })}
            />
            <Button
              component="a"
              href={auditExportPath(filters)}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              Export
            </Button>
          </Group>
          <StaleNotice error={error} hasData={data !== undefined} isPolled={false} />
          <Loaded data={data} error={error}>
            {({ pages }) => (
              <>
                <Text size="sm" c="dimmed" role="status">
                  {countUpTo(pages[0]?.total ?? 0, "event")}
                </Text>
                <DataTable
                  label="Audit log"
                  columns={COLUMNS}
                  rows={pages.flatMap(({ events }) => events)}
                  rowKey={({ id }) => id}
                  empty="Nothing was done yet that these filters select."
                  minWidth={960}
                />
              </>
            )}
          </Loaded>
          {hasNextPage && (
            <Group>
              <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Older
              </Button>
            </Group>
          )}
        </Stack>
      </Section>
    </SettingsPage>
  );
}
