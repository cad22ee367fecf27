"use client";

import { Alert, Anchor, Badge, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import Link from "next/link";
import { useState } from "react";
import { Only } from "@/components/access/only";
import { useAcknowledge, useIncident } from "@/components/api/use-alerts";
import { CountChart } from "@/components/shared/count-chart";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf, formatCount } from "@/components/shared/format";
import { LocalTime } from "@/components/shared/local-time";
import { PageTitle } from "@/components/shared/page-title";
import { PatternMessage } from "@/components/shared/pattern-message";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { ServiceLink } from "@/components/shared/service-link";
import { StaleNotice } from "@/components/shared/stale-notice";
import { useLastingFocus } from "@/components/shared/use-lasting-focus";
import { LEVEL_COLOURS } from "@/components/theme";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import { incidentLogsPath } from "@/core/alerts/incidents/incident-logs-path";
import { formatValue } from "@/core/alerts/queries/describe-watch";
import type { IncidentDetail, IncidentKind } from "@/core/alerts/schemas";
import { configPath } from "./configs-table";
import { groupText, SEVERITY_COLOURS, StateBadge, titleOf } from "./incident-badges";
import { queryAlertPath } from "./query-alerts-table";
import { SilenceForm } from "./silence-form";

export function IncidentPage({ initial }: { initial: IncidentDetail }) {
  const { data = initial, error } = useIncident(initial.id, initial);
  const [silencing, { open, close }] = useDisclosure();
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="sm">
          <PageTitle>{data.watched ? titleOf(data) : `${titleOf(data)} in ${plainText(data.service)}`}</PageTitle>
          <StateBadge state={data.state} />
          <Badge color={SEVERITY_COLOURS[data.severity]} variant="light" tt="none">
            {data.severity}
          </Badge>
        </Group>
        <Only need="change alerts">
          <Group gap="xs">
            {data.state === "open" && <Acknowledge id={data.id} />}
            <Button variant="default" onClick={open}>
              Silence
            </Button>
          </Group>
        </Only>
      </Group>
      <StaleNotice error={error} />
      <Facts incident={data} />
      {data.minutes.length > 0 && (
        <Section title={data.watched ? "Windows that crossed" : "Counts a minute"}>
          <MinuteChart incident={data} />
          {data.has_more_minutes && (
            <Text size="xs" c="dimmed">
              {data.watched ? "The last" : "The first"} {formatCount(data.minutes.length)} of them.
            </Text>
          )}
        </Section>
      )}
      <Section title="Deliveries">
        <DataTable
          label="Deliveries"
          columns={DELIVERY_COLUMNS}
          rows={data.deliveries}
          rowKey={({ id }) => id}
          empty={
            data.notified_at === null
              ? "Nobody was told: the alert names nobody, or a silence held it back."
              : "The records of what was sent are gone."
          }
          minWidth={760}
        />
        {data.delivery_count > data.deliveries.length && (
          <Text size="xs" c="dimmed" role="status">
            The latest {formatCount(data.deliveries.length)} of {formatCount(data.delivery_count)} deliveries.
          </Text>
        )}
      </Section>
      <Modal opened={silencing} onClose={close} title="Silence">
        <SilenceForm
          initial={{
            service: data.service === EVERY_SERVICE ? "" : data.service,
            kind: data.kind,
            reason: `Incident ${data.id}`,
            alert: data.alert_id,
          }}
          done={close}
        />
      </Modal>
    </Stack>
  );
}

function Facts({ incident }: { incident: IncidentDetail }) {
  const {
    first_at,
    last_at,
    resolved_at,
    peak_count,
    threshold_value,
    violations,
    service,
    pattern,
    template,
    message,
    acknowledged_at,
    acknowledge_note,
    former_ids,
    watched,
    alert_id,
    config_service,
  } = incident;
  const ofQuery = alert_id === null ? null : queryAlertPath(alert_id);
  const alertPath = config_service === null ? ofQuery : configPath(config_service);
  return (
    <Section title="What happened">
      <Stack gap={4}>
        {pattern !== null && template !== null && message !== null && (
          <PatternMessage {...{ pattern, template, message }} />
        )}
        <Text size="sm">
          Since <LocalTime time={first_at} span />
          {resolved_at !== null && (
            <>
              , resolved <LocalTime time={resolved_at} span />
            </>
          )}
        </Text>
        {watched !== null && (
          <Text size="sm">
            {groupText(incident) === "" ? "" : `${groupText(incident)}: `}
            {watched.condition}
          </Text>
        )}
        {watched !== null && peak_count !== null && (
          <Text size="sm">
            {countOf(violations, "window")} crossed the threshold of {formatValue(threshold_value ?? 0)}, the furthest
            with {formatValue(peak_count)}.
          </Text>
        )}
        {watched === null && peak_count !== null && (
          <Text size="sm">
            {countOf(violations, "minute")} above the threshold of {formatCount(threshold_value ?? 0)}, at most{" "}
            {formatCount(peak_count)} a minute.
          </Text>
        )}
        {acknowledged_at !== null && (
          <Text size="sm">
            Acknowledged <LocalTime time={acknowledged_at} span />
            {acknowledge_note !== null && `: ${plainText(acknowledge_note)}`}
          </Text>
        )}
        {former_ids.length > 0 && (
          <Text size="sm">
            Part of this {former_ids.length === 1 ? "is incident" : "are incidents"} {former_ids.join(", ")}: entries
            that came late lie between.
          </Text>
        )}
        <Group gap="md">
          <Anchor component={Link} href={incidentLogsPath(incident, new Date(first_at), new Date(last_at))} size="sm">
            Its logs
          </Anchor>
          {service !== EVERY_SERVICE && <ServiceLink service={service} size="sm" />}
          {alertPath !== null && (
            <Only need="change alerts">
              <Anchor component={Link} href={alertPath} size="sm">
                Its alert
              </Anchor>
            </Only>
          )}
        </Group>
      </Stack>
    </Section>
  );
}

const COLOUR_OF_KIND: Readonly<Record<IncidentKind, string>> = {
  error: LEVEL_COLOURS.error,
  pattern: LEVEL_COLOURS.error,
  new_pattern: LEVEL_COLOURS.error,
  warning: LEVEL_COLOURS.warning,
  absence: LEVEL_COLOURS.info,
  query: LEVEL_COLOURS.error,
};

function MinuteChart({ incident: { minutes, kind, threshold_value } }: { incident: IncidentDetail }) {
  const values = minutes.map(({ count }) => count);
  const drawn = [...values, threshold_value ?? 0, 0];
  const most = Math.max(...values);
  const reached =
    kind === "query"
      ? `Values, from ${formatValue(Math.min(...values))} to ${formatValue(most)}`
      : `Counts a minute, at most ${formatCount(most)}`;
  return (
    <CountChart
      label={`${reached}, against ${threshold_value === null ? "none" : formatValue(threshold_value)}`}
      height={220}
      buckets={minutes.map(({ timestamp, count }) => ({ timestamp, counts: { count } }))}
      timeFormat="HH:mm"
      series={[{ name: "count", color: COLOUR_OF_KIND[kind] }]}
      upTo={Math.max(most, Math.ceil((threshold_value ?? 0) * 1.1), 1)}
      downTo={Math.min(...drawn) * 1.1}
      formatValue={kind === "query" ? formatValue : undefined}
      referenceLines={threshold_value === null ? [] : [{ y: threshold_value, label: "threshold", color: "red.6" }]}
    />
  );
}

const COLOURS = { pending: "yellow", sending: "blue", delivered: "teal", failed: "red" } as const;

const DELIVERY_COLUMNS: readonly Column<IncidentDetail["deliveries"][number]>[] = [
  { label: "What", cell: ({ kind }) => kind },
  { label: "To", cell: ({ channel, target }) => `${channel}: ${target}` },
  {
    label: "State",
    cell: ({ status }) => (
      <Badge color={COLOURS[status]} variant="light" tt="none">
        {status}
      </Badge>
    ),
  },
  { label: "Attempts", align: "right", cell: ({ attempts }) => formatCount(attempts) },
  {
    label: "When",
    cell: ({ delivered_at, status, next_attempt_at, created_at }) =>
      delivered_at !== null ? (
        <LocalTime time={delivered_at} />
      ) : (
        <LocalTime time={status === "failed" ? created_at : next_attempt_at} />
      ),
  },
  { label: "Error", cell: ({ last_error }) => last_error },
];

function Acknowledge({ id }: { id: number }) {
  const [opened, { open, close }] = useDisclosure();
  const [note, setNote] = useState("");
  const acknowledge = useAcknowledge(id);
  const keepFocus = useLastingFocus(opened);
  return (
    <>
      <Button onClick={open}>Acknowledge</Button>
      <Modal opened={opened} onClose={close} onExitTransitionEnd={keepFocus} title="Acknowledge">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            acknowledge.mutate(note, { onSuccess: close });
          }}
        >
          <Stack>
            <TextInput
              label="Note"
              description="What others should know; may stay empty"
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
              data-autofocus
            />
            {acknowledge.error && <Alert color="red">{acknowledge.error.message}</Alert>}
            <Button type="submit" loading={acknowledge.isPending}>
              I take care
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
