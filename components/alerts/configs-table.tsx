"use client";

import { Alert, Stack, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useMay } from "@/components/access/viewer";
import { useDeleteConfig, useTestConfig, useUpdateConfig } from "@/components/api/use-alerts";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf, formatCount } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { ServiceLink } from "@/components/shared/service-link";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import type { AlertConfig } from "@/core/alerts/schemas";
import { AlertActions } from "./alert-actions";
import { DeleteAlert } from "./delete-alert";
import { TestOutcome } from "./test-outcome";

export const configPath = (service: string) => `/alerts/config?service=${encodeURIComponent(service)}`;

export function ConfigsTable({ configs, mailReady }: { configs: readonly AlertConfig[]; mailReady: boolean }) {
  const update = useUpdateConfig();
  const test = useTestConfig();
  const mayChange = useMay("change alerts");
  const [removing, setRemoving] = useState<string | null>(null);
  const columns: Column<AlertConfig>[] = [
    {
      label: "Service",
      cell: ({ service, except_services }) =>
        service === EVERY_SERVICE ? (
          <Text fw={600}>
            every other service
            {except_services.length > 0 && `, but not ${except_services.map(plainText).join(", ")}`}
          </Text>
        ) : (
          <ServiceLink service={service} fw={600} />
        ),
    },
    { label: "Errors a minute", align: "right", cell: (row) => `> ${formatCount(row.error_threshold_per_min)}` },
    { label: "Warnings a minute", align: "right", cell: (row) => `> ${formatCount(row.warning_threshold_per_min)}` },
    { label: "Patterns", cell: (row) => patternsOf(row) },
    { label: "Tells", cell: (row) => <Channels config={row} mailReady={mailReady} /> },
    {
      label: "On",
      cell: ({ service, enabled }) => (
        <Switch
          aria-label={`Alert for ${service} is on`}
          checked={enabled}
          disabled={!mayChange}
          // While one is saved nothing else is: it keeps the focus, which what is disabled loses.
          onChange={({ currentTarget: { checked } }) => {
            if (!update.isPending) update.mutate({ service, change: { enabled: checked } });
          }}
        />
      ),
    },
    {
      label: "Actions",
      cell: (row) => (
        <AlertActions
          alert={`the alert for ${row.service}`}
          subject={row.service}
          path={configPath(row.service)}
          isTesting={test.isPending && test.variables === row.service}
          test={() => test.mutate(row.service)}
          remove={() => setRemoving(row.service)}
        />
      ),
    },
  ];
  return (
    <Stack>
      {update.error && (
        <Alert color="red" role="alert">
          {update.error.message}
        </Alert>
      )}
      <TestOutcome test={test} />
      <DataTable
        label="Watched services"
        columns={mayChange ? columns : columns.filter(({ label }) => label !== "Actions")}
        rows={configs}
        rowKey={({ id }) => id}
        empty="No service is watched yet. Make an alert, and you are told the minute one has too many errors."
        minWidth={780}
      />
      <DeleteDialog service={removing} close={() => setRemoving(null)} />
    </Stack>
  );
}

function patternsOf({ pattern_threshold_per_min, notify_new_patterns }: AlertConfig): string {
  const often = pattern_threshold_per_min === null ? [] : [`> ${formatCount(pattern_threshold_per_min)} a minute`];
  return [...often, ...(notify_new_patterns ? ["new ones"] : [])].join(", ");
}

function Channels({ config, mailReady }: { config: AlertConfig; mailReady: boolean }) {
  const { alert_email, alert_webhook_url, webhook_format, receivers } = config;
  if (alert_email === null && alert_webhook_url === null && receivers.length === 0)
    return <Text size="sm">this page only</Text>;
  return (
    <Stack gap={0}>
      {alert_email !== null && (
        <Text size="sm">
          {plainText(alert_email)}
          {!mailReady && " (no mail server is set)"}
        </Text>
      )}
      {alert_webhook_url !== null && (
        <Text size="sm">
          {webhook_format} webhook at {new URL(alert_webhook_url).host}
        </Text>
      )}
      {receivers.length > 0 && <Text size="sm">{countOf(receivers.length, "receiver")}</Text>}
    </Stack>
  );
}

function DeleteDialog({ service, close }: { service: string | null; close: () => void }) {
  const remove = useDeleteConfig();
  return (
    <DeleteAlert
      opened={service !== null}
      close={close}
      remove={remove}
      act={() => service !== null && remove.mutate(service, { onSuccess: close })}
    >
      {plainText(service ?? "")} is not watched any more. What happened stays in the history; what is open ends without
      a word.
    </DeleteAlert>
  );
}
