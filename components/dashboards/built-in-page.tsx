"use client";

import { Alert, Button, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { Only } from "@/components/access/only";
import { useCreateDashboard } from "@/components/api/use-dashboards";
import type { DashboardInput } from "@/core/dashboards/schemas";
import { DashboardHead } from "./dashboard-head";
import { dashboardPath } from "./dashboard-path";
import { useDashboardState } from "./dashboard-state";
import { DashboardView } from "./dashboard-view";

/** A dashboard that comes with Cordwood, made for what is sent. It can be kept, and then be changed. */
export function BuiltInPage({ input }: { input: DashboardInput }) {
  const router = useRouter();
  const [{ wall }] = useDashboardState();
  const create = useCreateDashboard();
  const keep = () => create.mutate(input, { onSuccess: ({ id }) => router.push(dashboardPath(id)) });
  return (
    <DashboardView
      definition={input.definition}
      head={
        <>
          <DashboardHead name={input.name} description={input.description}>
            {!wall && (
              <Only need="edit">
                <Button onClick={keep} loading={create.isPending}>
                  Keep and change it
                </Button>
              </Only>
            )}
          </DashboardHead>
          {create.error && (
            <Alert color="red" role="alert">
              {create.error.message}
            </Alert>
          )}
        </>
      }
      empty={<Text c="dimmed">There is nothing to show.</Text>}
    />
  );
}
