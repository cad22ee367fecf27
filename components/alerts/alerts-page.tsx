"use client";

import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { IconBellOff, IconPlus } from "@tabler/icons-react";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Only } from "@/components/access/only";
import { useConfigs, useIncidents, usePastIncidents, useQueryAlerts } from "@/components/api/use-alerts";
import { CutList } from "@/components/shared/cut-list";
import { Loaded } from "@/components/shared/loaded";
import { PageTitle } from "@/components/shared/page-title";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { useTyped } from "@/components/shared/use-typed";
import type { QueryAlert } from "@/core/alerts/queries/schemas";
import { type AlertConfig, INCIDENT_KINDS, INCIDENT_STATES, type Incident } from "@/core/alerts/schemas";
import { LIMITS } from "@/core/limits";
import { ConfigsTable } from "./configs-table";
import { KIND_LABELS } from "./incident-badges";
import { IncidentsTable } from "./incidents-table";
import { QueryAlertsTable } from "./query-alerts-table";

export type AlertsInitial = {
  configs: AlertConfig[];
  queries: QueryAlert[];
  incidents: Incident[];
  mailReady: boolean;
};

/** One more than is shown says that there are more. */
const OPEN = new URLSearchParams({ limit: String(LIMITS.openIncidents + 1) }).toString();
const PAST = String(LIMITS.pastIncidents + 1);

const DAYS = ["1", "7", "30"] as const;
const FILTERS = {
  service: parseAsString.withDefault(""),
  kind: parseAsStringLiteral(INCIDENT_KINDS),
  state: parseAsStringLiteral(INCIDENT_STATES),
  days: parseAsStringLiteral(DAYS).withDefault("7"),
};

/** What is open first, then what is watched, then what was. */
export function AlertsPage({ initial }: { initial: AlertsInitial }) {
  const configs = useConfigs(initial.configs);
  const queries = useQueryAlerts(initial.queries);
  const incidents = useIncidents(OPEN, initial.incidents);
  const open = (incidents.data ?? []).filter(({ state }) => state !== "resolved");
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
      <StaleNotice error={configs.error ?? queries.error ?? incidents.error} />
      <Section title="Open incidents">
        <CutList
          rows={open}
          most={LIMITS.openIncidents}
          of="open incidents"
          by="service, kind and state in the history below"
        >
          {(shown) => <IncidentsTable incidents={shown} empty="Nothing is wrong right now." />}
        </CutList>
      </Section>
      <Section title="Watched services">
        <ConfigsTable configs={configs.data ?? []} mailReady={initial.mailReady} />
      </Section>
      <Section title="Watched queries">
        <QueryAlertsTable alerts={queries.data ?? []} />
      </Section>
      <History />
    </Stack>
  );
}

function History() {
  const [filter, setFilter] = useQueryStates(FILTERS);
  const service = useTyped(filter.service.trim());
  const { kind, state, days } = filter;
  const query = new URLSearchParams({ limit: PAST });
  if (service !== "") query.set("service", service);
  if (kind) query.set("kind", kind);
  if (state) query.set("state", state);
  const { data, error } = usePastIncidents(query.toString(), Number(days));
  return (
    <Section title="History">
      <Group mb="sm" align="end">
        <TextInput
          label="Service"
          placeholder="all"
          value={filter.service}
          onChange={(event) => setFilter({ service: event.currentTarget.value || null })}
        />
        <Select
          label="Kind"
          placeholder="all"
          clearable
          data={INCIDENT_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }))}
          value={kind}
          onChange={(value) => setFilter({ kind: INCIDENT_KINDS.find((known) => known === value) ?? null })}
        />
        <Select
          label="State"
          placeholder="all"
          clearable
          data={[...INCIDENT_STATES]}
          value={state}
          onChange={(value) => setFilter({ state: INCIDENT_STATES.find((known) => known === value) ?? null })}
        />
        <Select
          label="Time"
          allowDeselect={false}
          data={DAYS.map((value) => ({ value, label: value === "1" ? "last day" : `last ${value} days` }))}
          value={days}
          onChange={(value) => setFilter({ days: DAYS.find((known) => known === value) ?? null })}
        />
      </Group>
      <StaleNotice error={error} hasData={data !== undefined} />
      <Loaded data={data} error={error}>
        {(incidents) => (
          <CutList rows={incidents} most={LIMITS.pastIncidents} of="incidents" by="service, kind, state or time">
            {(shown) => <IncidentsTable incidents={shown} empty="No incident matches." />}
          </CutList>
        )}
      </Loaded>
    </Section>
  );
}
