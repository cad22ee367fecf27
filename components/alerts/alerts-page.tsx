"use client";

import { Autocomplete, Button, Group, Select, Stack } from "@mantine/core";
import { IconBellOff, IconPlus } from "@tabler/icons-react";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Only } from "@/components/access/only";
import { useConfigs, useOpenIncidents, usePastIncidents, useQueryAlerts } from "@/components/api/use-alerts";
import { useServiceNames } from "@/components/api/use-services";
import { PageTitle } from "@/components/shared/page-title";
import { PagedList } from "@/components/shared/paged-list";
import { Section } from "@/components/shared/section";
import { useListPlace } from "@/components/shared/use-list-place";
import { useTyped } from "@/components/shared/use-typed";
import type { QueryAlert } from "@/core/alerts/queries/schemas";
import { type AlertConfig, INCIDENT_KINDS, INCIDENT_STATES, type Incident } from "@/core/alerts/schemas";
import type { Paged } from "@/core/page";
import { ConfigsTable } from "./configs-table";
import { KIND_LABELS } from "./incident-badges";
import { IncidentsTable } from "./incidents-table";
import { QueryAlertsTable } from "./query-alerts-table";

/** The first page of each list. */
export type AlertsInitial = {
  configs: Paged<AlertConfig>;
  queries: Paged<QueryAlert>;
  incidents: Paged<Incident>;
  mailReady: boolean;
};

const DAYS = ["1", "7", "30"] as const;
const FILTERS = {
  service: parseAsString.withDefault(""),
  kind: parseAsStringLiteral(INCIDENT_KINDS),
  state: parseAsStringLiteral(INCIDENT_STATES),
  days: parseAsStringLiteral(DAYS).withDefault("7"),
};

/** What is open first, then what is watched, then what was. */
export function AlertsPage({ initial }: { initial: AlertsInitial }) {
  return (
    <Stack>
      <Group justify="space-between">
        <PageTitle>Alerts</PageTitle>
        <Group gap="xs">
          <Button
            component={Link}
            href="/alerts/silences"
            variant="default"
            leftSection={<IconBellOff size={16} aria-hidden />}
          >
            Silences
          </Button>
          <Only need="change alerts">
            <Button
              component={Link}
              href="/alerts/query"
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
            >
              New alert on a query
            </Button>
            <Button component={Link} href="/alerts/config" leftSection={<IconPlus size={16} aria-hidden />}>
              New alert
            </Button>
          </Only>
        </Group>
      </Group>
      <Section title="Open incidents">
        <OpenIncidents first={initial.incidents} />
      </Section>
      <Section title="Watched services">
        <Configs first={initial.configs} mailReady={initial.mailReady} />
      </Section>
      <Section title="Watched queries">
        <QueryAlerts first={initial.queries} />
      </Section>
      <History />
    </Stack>
  );
}

function OpenIncidents({ first }: { first: Paged<Incident> }) {
  const place = useListPlace("openPage");
  const incidents = useOpenIncidents(place.query, { initial: place.isFirst ? first : undefined });
  return (
    <PagedList noun="open incident" place={place} list={incidents} isPolled>
      {(rows) => <IncidentsTable incidents={rows} empty="Nothing is wrong right now." />}
    </PagedList>
  );
}

function Configs({ first, mailReady }: { first: Paged<AlertConfig>; mailReady: boolean }) {
  const place = useListPlace("watchedPage", "watched");
  const configs = useConfigs(place.query, { initial: place.isFirst ? first : undefined });
  return (
    <PagedList noun="watched service" searchedBy="a name" place={place} list={configs} isPolled>
      {(rows) => <ConfigsTable configs={rows} mailReady={mailReady} />}
    </PagedList>
  );
}

function QueryAlerts({ first }: { first: Paged<QueryAlert> }) {
  const place = useListPlace("queriesPage", "queries");
  const alerts = useQueryAlerts(place.query, { initial: place.isFirst ? first : undefined });
  return (
    <PagedList noun="alert" searchedBy="a name or query" place={place} list={alerts} isPolled>
      {(rows) => <QueryAlertsTable alerts={rows} />}
    </PagedList>
  );
}

function History() {
  const [filter, setFilter] = useQueryStates(FILTERS);
  const place = useListPlace("pastPage");
  const change = (next: Parameters<typeof setFilter>[0]) => {
    void setFilter(next);
    place.setPage(1);
  };
  const service = useTyped(filter.service.trim());
  const names = useServiceNames(filter.service);
  const { kind, state, days } = filter;
  const query = new URLSearchParams(place.query);
  if (service !== "") query.set("service", service);
  if (kind) query.set("kind", kind);
  if (state) query.set("state", state);
  const incidents = usePastIncidents(query, Number(days));
  return (
    <Section title="History">
      <Group mb="sm" align="end">
        {/* A service that sends no more has a history too: its name can be typed in full. */}
        <Autocomplete
          label="Service"
          placeholder="all"
          data={names}
          filter={({ options }) => options}
          value={filter.service}
          onChange={(value) => change({ service: value || null })}
        />
        <Select
          label="Kind"
          placeholder="all"
          clearable
          data={INCIDENT_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }))}
          value={kind}
          onChange={(value) => change({ kind: INCIDENT_KINDS.find((known) => known === value) ?? null })}
        />
        <Select
          label="State"
          placeholder="all"
          clearable
          data={[...INCIDENT_STATES]}
          value={state}
          onChange={(value) => change({ state: INCIDENT_STATES.find((known) => known === value) ?? null })}
        />
        <Select
          label="Time"
          allowDeselect={false}
          data={DAYS.map((value) => ({ value, label: value === "1" ? "last day" : `last ${value} days` }))}
          value={days}
          onChange={(value) => change({ days: DAYS.find((known) => known === value) ?? null })}
        />
      </Group>
      <PagedList noun="incident" place={place} list={incidents} isPolled>
        {(rows) => <IncidentsTable incidents={rows} empty="No incident matches." />}
      </PagedList>
    </Section>
  );
}
