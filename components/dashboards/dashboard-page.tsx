"use client";

import { Alert, Anchor, Button, Text } from "@mantine/core";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
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
  const [{ edit, wall }, setState] = useDashboardState();
  const mayEdit = useMay("edit");
  /** Stays while somebody who went back decides whether to keep it. */
  const [draft, setDraft] = useState<Draft | null>(null);
  const [isTyping, setTyping] = useState(false);
  const isEditing = mayEdit && (edit || draft !== null || isTyping);
  const { data: dashboard, refetch } = useDashboard(initial.id, initial, !isEditing);
  useWayBack(isEditing);
  if (isEditing) {
    return (
      <DashboardEditor
        dashboard={dashboard}
        draft={draft}
        setDraft={setDraft}
        isTyping={isTyping}
        setTyping={setTyping}
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

/** Of an entry of the browser's history before which there is one that shows the dashboard. */
const HAS_WAY_BACK = "hasWayBack";

/**
 * Who comes by a link to change it has no entry of the history before that which only shows it. With one, Back leads out of changing, where
 * it is asked whether to leave.
 */
function useWayBack(isEditing: boolean): void {
  const isEditingAtFirst = useRef(isEditing);
  useEffect(() => {
    const { history, location } = window;
    const state: unknown = history.state;
    const known = typeof state === "object" && state !== null ? state : {};
    if (!isEditingAtFirst.current || HAS_WAY_BACK in known) return;
    const shown = new URL(location.href);
    shown.searchParams.delete("edit");
    const changed = location.href;
    // With the state that Next.js has there it takes no notice, as the page stays what it is.
    history.replaceState(state, "", shown);
    history.pushState({ ...known, [HAS_WAY_BACK]: true }, "", changed);
  }, []);
}
