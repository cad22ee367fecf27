"use client";

import { Alert, Anchor, Menu, Text } from "@mantine/core";
import { IconLayoutGridAdd } from "@tabler/icons-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Only } from "@/components/access/only";
import { useAddPanel, useCreateDashboard, useDashboards } from "@/components/api/use-dashboards";
import { formatCount } from "@/components/shared/format";
import { IconButton } from "@/components/shared/icon-button";
import { plainText } from "@/components/shared/plain-text";
import { splitPipes } from "@/core/analytics/find-pipe";
import { type ChartOptions, chartOptionsSchema } from "@/core/charts/chart-options";
import { cutText } from "@/core/cut-text";
import { definitionSchema, GRID, panelContentSchema } from "@/core/dashboards/definition";
import { LIMITS } from "@/core/limits";
import { dashboardPath } from "./dashboard-path";

const LATEST = 10;

type AddToDashboardProps = {
  /** The query as it is asked; with pipes it becomes a chart or a table, without them a list of lines. */
  query: string;
  /** How it is drawn now. */
  chart?: ChartOptions;
  as?: "chart" | "table";
};

/** Makes a panel of what is shown, on a dashboard that there is or on a new one. Of a query that no panel may have there is nothing. */
export function AddToDashboard({ query, chart = chartOptionsSchema.parse({}), as = "chart" }: AddToDashboardProps) {
  const router = useRouter();
  const [opened, setOpened] = useState(false);
  const { data, error: unlisted } = useDashboards(
    new URLSearchParams({ sort: "updated", limit: String(LATEST) }).toString(),
    opened,
  );
  const add = useAddPanel();
  const create = useCreateDashboard();
  const { data: panel } = panelContentSchema.safeParse(
    splitPipes(query).pipes === null
      ? { kind: "lines", title: titleOf(query), query }
      : { kind: "query", title: titleOf(query), query, chart, as },
  );
  if (!panel) return null;
  const made = add.data;
  const addNew = () =>
    create.mutate(
      {
        name: titleOf(query) || "New dashboard",
        description: "",
        definition: definitionSchema.parse({
          version: 1,
          panels: [{ ...panel, id: "1", x: 0, y: 0, width: GRID.columns, height: 10 }],
        }),
      },
      { onSuccess: ({ id }) => router.push(dashboardPath(id)) },
    );
  const error = add.error ?? create.error;
  return (
    <Only need="edit">
      <Menu position="bottom-end" opened={opened} onChange={setOpened}>
        <Menu.Target>
          <IconButton label="Add to dashboard" loading={add.isPending || create.isPending}>
            <IconLayoutGridAdd size={18} aria-hidden />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {!data && (
            <Menu.Label>{unlisted ? `The others can't be listed: ${unlisted.message}` : "Loading ..."}</Menu.Label>
          )}
          {data && data.dashboards.length > 0 && <Menu.Label>Changed last</Menu.Label>}
          {data?.dashboards.map(({ id, name }) => (
            <Menu.Item key={id} maw={320} onClick={() => add.mutate({ id, panel })}>
              <Text size="sm" truncate>
                {plainText(name)}
              </Text>
            </Menu.Item>
          ))}
          {data && data.total > data.dashboards.length && (
            <Menu.Label>
              and {formatCount(data.total - data.dashboards.length)} more: add a panel where they are
            </Menu.Label>
          )}
          <Menu.Item onClick={addNew}>A new dashboard</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {made && !error && (
        <Text size="sm" role="status">
          Added to{" "}
          <Anchor component={Link} href={dashboardPath(made.id)} inherit underline="always">
            {plainText(made.name)}
          </Anchor>
        </Text>
      )}
      {error && (
        <Alert color="red" role="alert" p="xs">
          {error.message}
        </Alert>
      )}
    </Only>
  );
}

/** What it is of is the best title that nobody wrote. */
const titleOf = (query: string): string =>
  cutText(query.replaceAll(/\s+/g, " ").trim(), LIMITS.dashboardNameCharacters);
