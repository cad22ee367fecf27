"use client";

import { Alert, Button, Group, Menu, Modal, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { isConflict, isNotFound } from "@/components/api/fetch-data";
import { useCreateDashboard, useUpdateDashboard } from "@/components/api/use-dashboards";
import type { Definition, Panel } from "@/core/dashboards/definition";
import type { Dashboard, DashboardInput } from "@/core/dashboards/schemas";
import { LIMITS } from "@/core/limits";
import { type Arrangement, arranged, compacted, inOrder } from "./arrange";
import { DashboardHead } from "./dashboard-head";
import { dashboardPath } from "./dashboard-path";
import { EditGrid } from "./edit-grid";
import { LeaveQuestion } from "./leave-question";
import { MoveHandle } from "./move-handle";
import { copyOf, newPanel, PANEL_KINDS } from "./new-panel";
import { PanelForm } from "./panel-form";
import { kindLabel, PanelFrame, titleOf } from "./panel-frame";
import { EditMenu } from "./panel-menu";
import { SettingsForm } from "./settings-form";
import { useLeaveGuard } from "./use-leave-guard";
import { useShown } from "./use-shown";
import { ViewGrid } from "./view-grid";

/** What is being changed, and of which revision. */
export type Draft = { input: DashboardInput; revision: number };

type DashboardEditorProps = {
  dashboard: Dashboard;
  /** Null: nothing is changed yet. */
  draft: Draft | null;
  setDraft(draft: Draft | null): void;
  /** Whether a form is open with something typed that is not in the draft yet. */
  isTyping: boolean;
  setTyping(isTyping: boolean): void;
  /** Somebody went back to looking at it, with changes that are not saved. */
  isLeaving: boolean;
  stay(): void;
  /** Without the changes. */
  leave(): void;
};

const NARROW = "(max-width: 47.99em)";
const IN_A_ROW = "The menu of a panel moves it and changes its size.";
const BY_DRAGGING =
  "Drag panels by their handles and corners, or use their menus. By the keyboard, arrows on a handle move a panel, and with Shift change its size.";

/** A dashboard as it is changed; nothing is stored before it is saved. */
export function DashboardEditor({ dashboard, draft, setDraft, isTyping, setTyping, ...leaving }: DashboardEditorProps) {
  const { isLeaving, stay, leave } = leaving;
  const router = useRouter();
  const { name, description, definition } = draft?.input ?? dashboard;
  const { shown, controls } = useShown(definition);
  const [form, setForm] = useState<Panel | "settings" | null>(null);
  /** Whether it is asked if what is typed in the form may be lost. */
  const [isClosing, setClosing] = useState(false);
  const [said, setSaid] = useState("");
  // There is no room for panels beside one another.
  const isNarrow = useMediaQuery(NARROW) ?? false;
  const hasChanges = draft !== null || isTyping;
  const guard = useLeaveGuard(hasChanges);
  const update = useUpdateDashboard(dashboard.id);
  const create = useCreateDashboard();
  // What is changed now would not be in what is saved.
  const isSaving = update.isPending || create.isPending;

  const change = (input: DashboardInput) => setDraft({ input, revision: draft?.revision ?? dashboard.revision });
  const changeDefinition = (part: Partial<Definition>) =>
    change({ name, description, definition: { ...definition, ...part } });
  const place = (panels: readonly Panel[]) => changeDefinition({ panels: [...panels] });
  const { panels } = definition;
  const arrange = (panel: Panel, how: Arrangement) => {
    const next = arranged(compacted(panels), panel.id, how);
    const now = next.find(({ id }) => id === panel.id) ?? panel;
    setSaid(`${titleOf(panel)}: column ${now.x + 1}, row ${now.y + 1}, ${now.width} wide, ${now.height} high`);
    if (next !== panels) place(next);
  };
  const closeForm = () => {
    setForm(null);
    setTyping(false);
    setClosing(false);
  };
  /** By a key or a click beside it, which may be a slip. */
  const wantToCloseForm = () => (isTyping ? setClosing(true) : closeForm());
  const savePanel = (panel: Panel) => {
    const isNew = !panels.some(({ id }) => id === panel.id);
    place(isNew ? [...panels, panel] : panels.map((one) => (one.id === panel.id ? panel : one)));
    closeForm();
  };
  const save = () => {
    if (!draft) return leave();
    const { input, revision } = draft;
    const inReadingOrder = { ...input.definition, panels: inOrder(input.definition.panels) };
    update.mutate({ ...input, definition: inReadingOrder, revision }, { onSuccess: leave });
  };
  const saveAsOther = () => {
    if (!draft) return;
    create.mutate(draft.input, {
      onSuccess: ({ id }) => {
        setDraft(null);
        router.push(dashboardPath(id));
      },
    });
  };
  const frame = (panel: Panel) => (
    <PanelFrame
      panel={panel}
      shown={shown}
      isEditing
      handle={isNarrow ? undefined : <MoveHandle title={titleOf(panel)} arrange={(how) => arrange(panel, how)} />}
      menu={
        <EditMenu
          title={titleOf(panel)}
          edit={() => setForm(panel)}
          copy={panels.length < LIMITS.panels ? () => place([...panels, copyOf(panel, panels)]) : null}
          remove={() => place(panels.filter(({ id }) => id !== panel.id))}
          arrange={(how) => arrange(panel, how)}
        />
      }
    />
  );
  const isOther = isConflict(update.error);
  const isGone = isNotFound(update.error);
  const error = create.error ?? update.error;

  return (
    <Stack gap="sm">
      <DashboardHead name={name} description={description}>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={isSaving || panels.length >= LIMITS.panels}
            >
              Add
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {PANEL_KINDS.map((kind) => (
              <Menu.Item key={kind} onClick={() => setForm(newPanel(kind, panels))}>
                {kindLabel(kind)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button variant="default" disabled={isSaving} onClick={() => setForm("settings")}>
          Settings
        </Button>
        <Button variant="default" disabled={isSaving} onClick={() => (draft ? guard.want("") : leave())}>
          Cancel
        </Button>
        <Button onClick={save} loading={update.isPending} disabled={draft === null}>
          Save
        </Button>
      </DashboardHead>
      {error && (
        <Alert
          color="red"
          role="alert"
          title={
            isOther ? "Somebody else has changed it" : isGone ? "Somebody else has deleted it" : "It could not be saved"
          }
        >
          <Stack gap="xs" align="start">
            <Text size="sm">{error.message}</Text>
            {(isOther || isGone) && (
              <Group gap="xs">
                <Button size="compact-sm" variant="default" loading={create.isPending} onClick={saveAsOther}>
                  Save mine as another one
                </Button>
                {isOther && (
                  <Button size="compact-sm" variant="default" onClick={leave}>
                    Show theirs
                  </Button>
                )}
              </Group>
            )}
          </Stack>
        </Alert>
      )}
      {controls}
      <Text size="sm" c="dimmed">
        {isNarrow ? IN_A_ROW : BY_DRAGGING} Nothing is stored until you save.
      </Text>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      {panels.length === 0 && (
        <Alert color="gray" title="There are no panels yet">
          Press Add for the first one.
        </Alert>
      )}
      <div inert={isSaving}>
        {isNarrow ? (
          <ViewGrid panels={panels}>{frame}</ViewGrid>
        ) : (
          <EditGrid panels={panels} place={place}>
            {frame}
          </EditGrid>
        )}
      </div>
      <Modal.Stack>
        {form === "settings" && (
          <SettingsForm
            input={{ name, description, definition }}
            save={(input) => {
              change(input);
              closeForm();
            }}
            close={closeForm}
            wantToClose={wantToCloseForm}
            tellTyping={setTyping}
          />
        )}
        {form !== null && form !== "settings" && (
          <PanelForm
            panel={form}
            variables={definition.variables}
            shown={shown}
            save={savePanel}
            close={closeForm}
            wantToClose={wantToCloseForm}
            tellTyping={setTyping}
          />
        )}
        <LeaveQuestion of="form" opened={isClosing} stay={() => setClosing(false)} leave={closeForm} />
        <LeaveQuestion
          of="dashboard"
          opened={hasChanges && (isLeaving || guard.wanted !== null)}
          stay={() => {
            guard.want(null);
            if (isLeaving) stay();
          }}
          leave={() => {
            const { wanted } = guard;
            guard.want(null);
            closeForm();
            if (!wanted) return leave();
            // The address says that it is being changed until the other page is there.
            setDraft(null);
            if (wanted.startsWith("/")) router.push(wanted);
            else window.location.assign(wanted);
          }}
        />
      </Modal.Stack>
    </Stack>
  );
}
