"use client";

import { Alert, Anchor, Button, Text } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";
import { useMay } from "@/components/access/viewer";
import { exportPath, useDashboard } from "@/components/api/use-dashboards";
import type { Dashboard } from "@/core/dashboards/schemas";
import { CopyButton } from "./copy-button";
import { DashboardEditor, type Draft } from "./dashboard-editor";
import { DashboardHead } from "./dashboard-head";
import { useDashboardState } from "./dashboard-state";
import { DashboardView } from "./dashboard-view";

/** One dashboard that is stored. @param initial what the server rendered the page with */
export function DashboardPage({ initial }: { initial: Dashboard }) {
  const { data: dashboard, refetch } = useDashboard(initial.id, initial);
  const [{ edit, wall }, setState] = useDashboardState();
  const mayEdit = useMay("edit");
  /** Stays while somebody who went back decides whether to keep it. */
  const [draft, setDraft] = useState<Draft | null>(null);
  const isEditing = mayEdit && (edit || draft !== null);
  if (isEditing) {
    return (
      <DashboardEditor
        dashboard={dashboard}
        draft={draft}
        setDraft={setDraft}
        isLeaving={!edit}
        stay={() => setState({ edit: true })}
        leave={() => {
          setDraft(null);
          // Somebody else may have changed it meanwhile.
          void refetch();
          void setState({ edit: null }, { history: "replace" });
        }}
      />
    );
  }
  return (
    <DashboardView
      definition={dashboard.definition}
      head={
        <DashboardHead name={dashboard.name} description={dashboard.description}>
          {!wall && (
            <>
              {mayEdit && <Button onClick={() => setState({ edit: true, panel: null })}>Edit</Button>}
              {mayEdit && <CopyButton id={dashboard.id} name={dashboard.name} />}
              <Button component="a" variant="default" href={exportPath(dashboard.id)} download>
                JSON
              </Button>
            </>
          )}
        </DashboardHead>
      }
      empty={
        <Alert color="gray" title="There are no panels yet">
          {mayEdit ? (
            <Text size="sm">
              Press Edit to add some, or ask something on the page{" "}
              <Anchor component={Link} href="/logs">
                Logs
              </Anchor>{" "}
              and put it here from there.
            </Text>
          ) : (
            <Text size="sm">Somebody who may edit dashboards can add some.</Text>
          )}
        </Alert>
      }
    />
  );
}
