"use client";

import { ActionIcon, Alert, Button, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { Only } from "@/components/access/only";
import { useUnsaved } from "@/components/access/session-end";
import { useCreateView, useDeleteView, useUpdateView, useViews } from "@/components/api/use-views";
import { CutNote } from "@/components/shared/cut-note";
import { IconButton } from "@/components/shared/icon-button";
import { plainText } from "@/components/shared/plain-text";
import { showErrors } from "@/components/shared/show-errors";
import { LIMITS } from "@/core/limits";
import type { SavedView } from "@/core/views/schemas";

/** What a view remembers. */
export type ViewState = Pick<SavedView, "query" | "range" | "from" | "to" | "columns" | "view" | "chart">;

type ViewsMenuProps = { state: ViewState; show(view: SavedView): void };

/** Views that somebody saved, to look at again, and what is shown now, to be saved. */
export function ViewsMenu({ state, show }: ViewsMenuProps) {
  const { data, error } = useViews();
  const views = data?.slice(0, LIMITS.listedViews) ?? [];
  const [saving, { open: openSave, close: closeSave }] = useDisclosure();
  const [managing, { open: openManage, close: closeManage }] = useDisclosure();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton label="Views">
            <IconBookmark size={18} aria-hidden />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
          {views.length > 0 && <Menu.Label>Saved views</Menu.Label>}
          {views.map((view) => (
            <Menu.Item key={view.id} onClick={() => show(view)} maw={320}>
              <Text size="sm" truncate>
                {plainText(view.name)}
              </Text>
            </Menu.Item>
          ))}
          {data && data.length > LIMITS.listedViews && <CutNote shown={LIMITS.listedViews} of="views, by name" />}
          {data?.length === 0 && <Menu.Label>No view is saved yet</Menu.Label>}
          {!data && <Menu.Label>{error ? `The views can't be shown: ${error.message}` : "Loading ..."}</Menu.Label>}
          <Only need="edit">
            <Menu.Divider />
            <Menu.Item onClick={openSave}>Save this view</Menu.Item>
            {views.length > 0 && <Menu.Item onClick={openManage}>Manage views</Menu.Item>}
          </Only>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={saving} onClose={closeSave} title="Save this view">
        <SaveForm state={state} views={views} done={closeSave} />
      </Modal>
      <Modal opened={managing} onClose={closeManage} title="Saved views">
        <Manage views={views} />
      </Modal>
    </>
  );
}

/** A name that is taken replaces that view, and says so before. */
function SaveForm({ state, views, done }: { state: ViewState; views: readonly SavedView[]; done(): void }) {
  const create = useCreateView();
  const update = useUpdateView();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (name.trim() === "" ? "must not be empty" : null) },
  });
  useUnsaved(form.isDirty());
  const existing = views.find(({ name }) => name === form.values.name.trim());
  const submit = form.onSubmit(({ name }) => {
    const view = { ...state, name };
    const answers = {
      onSuccess: done,
      onError: showErrors(form),
    };
    if (existing) update.mutate({ id: existing.id, view }, answers);
    else create.mutate(view, answers);
  });
  const error = create.error ?? update.error;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          required
          data-autofocus
          maxLength={LIMITS.viewNameCharacters}
          {...form.getInputProps("name")}
        />
        <Text size="sm" c="dimmed">
          The query, the time, the columns and how it is drawn are saved, for everybody who uses this installation.
        </Text>
        {error && (
          <Alert color="red" role="alert">
            {error.message}
          </Alert>
        )}
        <Button type="submit" loading={create.isPending || update.isPending}>
          {existing ? "Replace the view of this name" : "Save"}
        </Button>
      </Stack>
    </form>
  );
}

function Manage({ views }: { views: readonly SavedView[] }) {
  const remove = useDeleteView();
  return (
    <Stack gap="xs">
      {remove.error && (
        <Alert color="red" role="alert">
          {remove.error.message}
        </Alert>
      )}
      {views.length === 0 && <Text c="dimmed">No view is left.</Text>}
      {views.map(({ id, name, query }) => (
        <Group key={id} justify="space-between" wrap="nowrap">
          <Stack gap={0} miw={0}>
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {plainText(name)}
            </Text>
            <Text size="xs" c="dimmed" ff="monospace" truncate>
              {query === "" ? "everything" : query}
            </Text>
          </Stack>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={`Delete view ${name}`}
            loading={remove.isPending && remove.variables === id}
            onClick={() => remove.mutate(id)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
    </Stack>
  );
}
