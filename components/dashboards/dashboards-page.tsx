"use client";

import { Anchor, Button, Card, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Only } from "@/components/access/only";
import { useMay } from "@/components/access/viewer";
import { exportPath, useDashboards, useRemoveDashboard } from "@/components/api/use-dashboards";
import { ConfirmButton } from "@/components/shared/confirm-button";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf } from "@/components/shared/format";
import { ListControls } from "@/components/shared/list-controls";
import { Loaded } from "@/components/shared/loaded";
import { LocalTime } from "@/components/shared/local-time";
import { OrderSelect } from "@/components/shared/order-select";
import { PageTitle } from "@/components/shared/page-title";
import { Pages } from "@/components/shared/pages";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { useListPlace } from "@/components/shared/use-list-place";
import { DASHBOARD_ORDERS, type ListedDashboard } from "@/core/dashboards/schemas";
import { FIRST_PAGE } from "@/core/page";
import { CopyButton } from "./copy-button";
import { builtInPath, dashboardPath } from "./dashboard-path";
import { ImportButton } from "./import-button";
import { NewDashboard } from "./new-dashboard";

const SORT = parseAsStringLiteral(DASHBOARD_ORDERS).withDefault("name");

const ORDER_LABELS: Readonly<Record<(typeof DASHBOARD_ORDERS)[number], string>> = {
  name: "Name",
  updated: "Last changed",
};

/** A dashboard that comes with Cordwood, as it is offered. */
export type Offered = { key: string; name: string; description: string; fields: string[] };

/** Dashboards that somebody made, and those that can be had for what is sent. */
export function DashboardsPage({ offered }: { offered: readonly Offered[] }) {
  const place = useListPlace("page", "search");
  const [sort, setSort] = useQueryState("sort", SORT);
  const query = new URLSearchParams([...place.query, ["sort", sort]]);
  const { data, error, isPlaceholderData } = useDashboards(query.toString());
  const mayEdit = useMay("edit");
  return (
    <Stack>
      <Group justify="space-between">
        <PageTitle>Dashboards</PageTitle>
        <Only need="edit">
          <Group gap="xs">
            <ImportButton />
            <NewDashboard />
          </Group>
        </Only>
      </Group>
      <StaleNotice error={error} hasData={data !== undefined} isPolled={false} />
      <ListControls of="dashboards" place={place} count={data && countOf(data.total, "dashboard")}>
        <OrderSelect
          of="dashboards"
          orders={DASHBOARD_ORDERS}
          labels={ORDER_LABELS}
          sort={sort}
          setSort={(order) => {
            void setSort(order);
            place.setPage(1);
          }}
          width={160}
        />
      </ListControls>
      <Loaded data={data} error={error}>
        {({ dashboards }) => (
          <DataTable
            label="Dashboards"
            columns={columnsFor(mayEdit)}
            rows={dashboards}
            rowKey={({ id }) => id}
            minWidth={mayEdit ? 820 : 520}
            empty={place.typed === "" ? emptyText(mayEdit, offered.length > 0) : "No dashboard has this in its name."}
          />
        )}
      </Loaded>
      <Pages
        total={data?.total}
        size={FIRST_PAGE.limit}
        page={place.page}
        isBefore={isPlaceholderData}
        setPage={place.setPage}
      />
      {offered.length > 0 && (
        <Section title="Made for what you send">
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {offered.map(({ key, name, description, fields }) => (
              <Card key={key} withBorder>
                <Anchor component={Link} href={builtInPath(key)} fw={600}>
                  {name}
                </Anchor>
                <Text size="sm">{description}</Text>
                <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: "anywhere" }}>
                  From {fields.map(plainText).join(", ")}
                </Text>
              </Card>
            ))}
          </SimpleGrid>
        </Section>
      )}
    </Stack>
  );
}

const emptyText = (mayEdit: boolean, isOffered: boolean) =>
  `There are no dashboards yet. ${
    mayEdit
      ? "Make one with New dashboard, or add what you see on the page Logs to one."
      : "Somebody who may edit can make some."
  }${isOffered ? " Those below are there already." : ""}`;

function columnsFor(mayEdit: boolean): Column<ListedDashboard>[] {
  const columns: Column<ListedDashboard>[] = [
    {
      label: "Name",
      cell: ({ id, name, description }) => (
        <>
          <Anchor component={Link} href={dashboardPath(id)} fw={600}>
            {plainText(name)}
          </Anchor>
          {description !== "" && (
            <Text size="xs" c="dimmed" lineClamp={2}>
              {plainText(description)}
            </Text>
          )}
        </>
      ),
    },
    { label: "Panels", align: "right", cell: ({ panels }) => panels },
    { label: "Last changed", cell: ({ updated_at }) => <LocalTime time={updated_at} /> },
  ];
  if (!mayEdit) return columns;
  return [...columns, { label: "Actions", cell: (row) => <Actions dashboard={row} /> }];
}

function Actions({ dashboard: { id, name } }: { dashboard: ListedDashboard }) {
  const remove = useRemoveDashboard();
  return (
    <Group gap={4} wrap="nowrap">
      <CopyButton id={id} name={name} size="compact-sm" />
      <Button
        component="a"
        size="compact-sm"
        variant="default"
        href={exportPath(id)}
        download
        aria-label={`${name} as JSON`}
      >
        JSON
      </Button>
      <ConfirmButton
        label="Delete"
        question={`${plainText(name)} will be gone, for everybody.`}
        action="Delete it"
        isPending={remove.isPending}
        error={remove.error}
        act={(done) => remove.mutate(id, { onSuccess: done })}
      />
    </Group>
  );
}
