"use client";

import { Alert, Anchor, Badge, Stack, Switch, Text } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";
import { useMay } from "@/components/access/viewer";
import { useDeleteQueryAlert, useTestQueryAlert, useUpdateQueryAlert } from "@/components/api/use-alerts";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf, formatCount } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { describeWatch } from "@/core/alerts/queries/describe-watch";
import type { QueryAlert } from "@/core/alerts/queries/schemas";
import { LIMITS } from "@/core/limits";
import { AlertActions } from "./alert-actions";
import { DeleteAlert } from "./delete-alert";
import { SEVERITY_COLOURS } from "./incident-badges";
import { FORMAT_LABELS } from "./receivers-fields";
import { TestOutcome } from "./test-outcome";

export const queryAlertPath = (id: number) => `/alerts/query?id=${id}`;

export function QueryAlertsTable({ alerts }: { alerts: readonly QueryAlert[] }) {
  const update = useUpdateQueryAlert();
  const test = useTestQueryAlert();
  const mayChange = useMay("change alerts");
  const [removing, setRemoving] = useState<QueryAlert | null>(null);
  const columns: Column<QueryAlert>[] = [
    { label: "Alert", cell: (alert) => <Name alert={alert} mayChange={mayChange} /> },
    {
      label: "Query",
      cell: ({ query, of, watch }) => (
        <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
          {watch === "share" ? `${query || "every line"} of ${of || "every line"}` : query}
        </Text>
      ),
    },
    { label: "When", cell: (alert) => describeWatch(alert) },
    {
      label: "Severity",
      cell: ({ severity }) => (
        <Badge color={SEVERITY_COLOURS[severity]} variant="light" tt="none">
          {severity}
        </Badge>
      ),
    },
    { label: "Open", align: "right", cell: ({ open_incidents }) => formatCount(open_incidents) },
    { label: "Tells", cell: ({ receivers }) => tellsOf(receivers) },
    {
      label: "On",
      cell: ({ id, name, enabled }) => (
        <Switch
          aria-label={`Alert ${name} is on`}
          checked={enabled}
          disabled={!mayChange}
          // While one is saved nothing else is: it keeps the focus, which what is disabled loses.
          onChange={({ currentTarget: { checked } }) => {
            if (!update.isPending) update.mutate({ id, change: { enabled: checked } });
          }}
        />
      ),
    },
    {
      label: "Actions",
      cell: (alert) => (
        <AlertActions
          alert={`the alert ${alert.name}`}
          subject={alert.name}
          path={queryAlertPath(alert.id)}
          isTesting={test.isPending && test.variables === alert.id}
          test={() => test.mutate(alert.id)}
          remove={() => setRemoving(alert)}
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
        label="Watched queries"
        columns={mayChange ? columns : columns.filter(({ label }) => label !== "Actions")}
        rows={alerts}
        rowKey={({ id }) => id}
        empty="No query is watched yet. An alert on a query watches any number: durations, status codes, shares of errors."
        minWidth={900}
      />
      <DeleteDialog alert={removing} close={() => setRemoving(null)} />
    </Stack>
  );
}

function Name({ alert, mayChange }: { alert: QueryAlert; mayChange: boolean }) {
  const { id, name, problem, left_out, cut_entries } = alert;
  return (
    <Stack gap={2} align="start">
      {mayChange ? (
        <Anchor component={Link} href={queryAlertPath(id)} fw={600}>
          {plainText(name)}
        </Anchor>
      ) : (
        <Text fw={600}>{plainText(name)}</Text>
      )}
      {problem !== null && (
        <Text size="sm" c="red">
          Not judged: {problem}
        </Text>
      )}
      {left_out !== null && (
        <Text size="sm" c="orange">
          Not all is counted: {left_out}. Switching it off and on counts anew what its windows look back at.
        </Text>
      )}
      {cut_entries > 0 && (
        <Text size="sm" c="orange">
          {countOf(cut_entries, "line")} of the last hours are in groups beyond the first {LIMITS.alertGroups} of a
          minute and not watched: group by less.
        </Text>
      )}
    </Stack>
  );
}

function tellsOf(receivers: QueryAlert["receivers"]): string {
  if (receivers.length === 0) return "this page only";
  return receivers
    .map(({ channel, format, target }) =>
      channel === "email"
        ? plainText(target)
        : `${FORMAT_LABELS[format]} at ${URL.canParse(target) ? new URL(target).host : target}`,
    )
    .join("; ");
}

function DeleteDialog({ alert, close }: { alert: QueryAlert | null; close: () => void }) {
  const remove = useDeleteQueryAlert();
  return (
    <DeleteAlert
      opened={alert !== null}
      close={close}
      remove={remove}
      act={() => alert !== null && remove.mutate(alert.id, { onSuccess: close })}
    >
      {plainText(alert?.name ?? "")} is not judged any more. Its incidents stay in the history; what is open ends
      without a word.
    </DeleteAlert>
  );
}
