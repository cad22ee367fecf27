"use client";

import { Alert, Badge, Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { Only } from "@/components/access/only";
import { useMay } from "@/components/access/viewer";
import { serverClock } from "@/components/api/server-clock";
import { useEndSilence, useSilences } from "@/components/api/use-alerts";
import { type Column, DataTable } from "@/components/shared/data-table";
import { LocalTime } from "@/components/shared/local-time";
import { PageTitle } from "@/components/shared/page-title";
import { PagedList } from "@/components/shared/paged-list";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { useListPlace } from "@/components/shared/use-list-place";
import type { Silence } from "@/core/alerts/schemas";
import type { Paged } from "@/core/page";
import { KIND_LABELS } from "./incident-badges";
import { SilenceForm } from "./silence-form";

type Phase = "holds" | "to come" | "over";
const COLOURS = { holds: "blue", "to come": "yellow", over: "gray" } as const;

function phaseOf({ starts_at, ends_at }: Silence, now: number): Phase {
  if (Date.parse(ends_at) <= now) return "over";
  return Date.parse(starts_at) <= now ? "holds" : "to come";
}

export function SilencesPage({ initial, now }: { initial: Paged<Silence>; now: number }) {
  const place = useListPlace("page");
  const silences = useSilences(place.query, { initial: place.isFirst ? initial : undefined });
  const end = useEndSilence();
  // It stays so while another page of the list is not there yet.
  const [hasFetched, setHasFetched] = useState(false);
  useEffect(() => {
    if (silences.isFetchedAfterMount) setHasFetched(true);
  }, [silences.isFetchedAfterMount]);
  const mayChange = useMay("change alerts");
  // It is drawn anew with each answer, which tells the server's time too.
  const time = hasFetched ? serverClock.nowMs() : now;
  const columns: Column<Silence>[] = [
    {
      label: "State",
      cell: (silence) => {
        const phase = phaseOf(silence, time);
        return (
          <Badge color={COLOURS[phase]} variant="light" tt="none">
            {phase}
          </Badge>
        );
      },
    },
    { label: "Service", cell: ({ service }) => plainText(service ?? "every service") },
    {
      label: "Kind",
      cell: ({ kind, alert_id }) =>
        `${kind === null ? "every kind" : KIND_LABELS[kind]}${alert_id === null ? "" : `, alert ${alert_id}`}`,
    },
    { label: "From", cell: ({ starts_at }) => <LocalTime time={starts_at} /> },
    { label: "Until", cell: ({ ends_at }) => <LocalTime time={ends_at} /> },
    { label: "Reason", cell: ({ reason }) => plainText(reason) },
    {
      label: "Action",
      cell: (silence) =>
        phaseOf(silence, time) !== "over" && (
          <Button
            size="compact-sm"
            variant="default"
            loading={end.isPending && end.variables === silence.id}
            onClick={() => end.mutate(silence.id)}
          >
            End now
          </Button>
        ),
    },
  ];
  return (
    <Stack>
      <PageTitle>Silences</PageTitle>
      <Text>
        While one holds, nobody is told. Incidents are recorded all the same, and those still open at its end are told
        then.
      </Text>
      {end.error && <Alert color="red">{end.error.message}</Alert>}
      <Only need="change alerts">
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Section title="New silence">
            <SilenceForm initial={{ service: "", kind: null, reason: "" }} done={() => undefined} />
          </Section>
        </SimpleGrid>
      </Only>
      <Section title="All silences">
        <PagedList noun="silence" place={place} list={silences} isPolled>
          {(rows) => (
            <DataTable
              label="Silences"
              columns={mayChange ? columns : columns.filter(({ label }) => label !== "Action")}
              rows={rows}
              rowKey={({ id }) => id}
              empty="There are none: every alert is told."
              minWidth={860}
            />
          )}
        </PagedList>
      </Section>
    </Stack>
  );
}
