"use client";

import { Alert, Anchor, Checkbox, Group, Loader, Stack, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";
import { useArrivals } from "@/components/api/use-arrivals";
import { listParameters } from "@/components/logs/columns";
import { ClockAhead } from "@/components/shared/clock-ahead";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf } from "@/components/shared/format";
import { LevelBadge } from "@/components/shared/level-badge";
import { LiveBadge } from "@/components/shared/live-badge";
import { LocalTime } from "@/components/shared/local-time";
import { Message } from "@/components/shared/message";
import { Section } from "@/components/shared/section";
import { ServiceLink } from "@/components/shared/service-link";
import type { ListedEntry } from "@/core/search/schemas";

const COLUMNS: readonly Column<ListedEntry>[] = [
  { label: "Time", cell: ({ timestamp }) => <LocalTime time={timestamp} /> },
  {
    label: "Service",
    cell: ({ service }) => <ServiceLink service={service} size="sm" />,
  },
  { label: "Level", cell: ({ level }) => <LevelBadge level={level} /> },
  {
    label: "Message",
    cell: ({ timestamp, message }) => (
      <>
        <ClockAhead time={timestamp} />
        <Message text={message} />
      </>
    ),
  },
];

/** What arrives while the page is open. @param service that the configuration says; null when it says none */
export function Arrivals({ service }: { service: string | null }) {
  const [showsAll, setShowsAll] = useState(false);
  const only = showsAll ? null : service;
  const { entries, count, state } = useArrivals(only === null ? "" : `service:"${only}"`, listParameters([]));
  return (
    <Section title="What arrives">
      <Stack gap="sm">
        <Group gap="sm">
          <LiveBadge state={state} />
          {service !== null && (
            <Checkbox
              label={`Only of the service ${service}`}
              checked={!showsAll}
              onChange={({ currentTarget: { checked } }) => setShowsAll(!checked)}
            />
          )}
        </Group>
        <VisuallyHidden role="status">{entries.length > 0 && "It arrives"}</VisuallyHidden>
        {entries.length === 0 ? (
          <Group gap="xs" role="status">
            <Loader size="xs" type="dots" aria-hidden />
            <Text size="sm">
              Waiting for the first line{only === null ? "" : ` of ${only}`}. It shows here the moment it arrives.
            </Text>
          </Group>
        ) : (
          <>
            {/* Its number changes all the time, and would be read all the time. */}
            <Alert color="green" role="note" title="It arrives">
              {countOf(count, "line", "lines")} since you began to wait for them here, stored and counted.{" "}
              <Anchor component={Link} href={`/logs?q=${encodeURIComponent(queryFor(only))}`} size="sm">
                Look at them in Logs
              </Anchor>
            </Alert>
            <DataTable
              label="What arrived"
              columns={COLUMNS}
              rows={entries}
              rowKey={({ id }) => id}
              empty=""
              minWidth={560}
            />
          </>
        )}
      </Stack>
    </Section>
  );
}

const queryFor = (service: string | null): string => (service === null ? "" : `service:"${service}"`);
