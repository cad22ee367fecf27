"use client";

import { Alert, Anchor, Button, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconBookmark } from "@tabler/icons-react";
import { Only } from "@/components/access/only";
import { useUnsaved } from "@/components/access/session-end";
import { useCreateView, useDeleteView, useUpdateView, useViewOfName, useViews } from "@/components/api/use-views";
import { ConfirmButton } from "@/components/shared/confirm-button";
import { countOf } from "@/components/shared/format";
import { IconButton } from "@/components/shared/icon-button";
import { PagedList } from "@/components/shared/paged-list";
import { plainText } from "@/components/shared/plain-text";
import { showErrors } from "@/components/shared/show-errors";
import { usePassingListPlace } from "@/components/shared/use-list-place";
import { LIMITS } from "@/core/limits";
import { FIRST_PAGE } from "@/core/page";
import type { SavedView } from "@/core/views/schemas";

/** What a view remembers. */
export type ViewState = Pick<SavedView, "query" | "range" | "from" | "to" | "columns" | "view" | "chart">;

const FIRST = new URLSearchParams({ limit: String(FIRST_PAGE.limit) });

type ViewsMenuProps = { state: ViewState; show(view: SavedView): void };

/** Views that somebody saved, to look at again, and what is shown now, to be saved. */
export function ViewsMenu({ state, show }: ViewsMenuProps) {
  const { data, error } = useViews(FIRST);
  const views = data?.data ?? [];
  const [saving, { open: openSave, close: closeSave }] = useDisclosure();
  const [listing, { open: openList, close: closeList }] = useDisclosure();
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
          {data && data.total > views.length && (
            <Menu.Item onClick={openList}>All {countOf(data.total, "view")} ...</Menu.Item>
          )}
          {data?.total === 0 && <Menu.Label>No view is saved yet</Menu.Label>}
          {!data && <Menu.Label>{error ? `The views can't be shown: ${error.message}` : "Loading ..."}</Menu.Label>}
          <Only need="edit">
            <Menu.Divider />
            <Menu.Item onClick={openSave}>Save this view</Menu.Item>
            {views.length > 0 && <Menu.Item onClick={openList}>Manage views</Menu.Item>}
          </Only>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={saving} onClose={closeSave} title="Save this view">
        <SaveForm state={state} done={closeSave} />
      </Modal>
      <Modal.Stack>
        <Modal stackId="views" opened={listing} onClose={closeList} title="Saved views">
          <AllViews
            show={(view) => {
              closeList();
              show(view);
            }}
          />
        </Modal>
      </Modal.Stack>
    </>
  );
}

/** A name that is taken replaces that view, and says so before. */
function SaveForm({ state, done }: { state: ViewState; done(): void }) {
  const create = useCreateView();
  const update = useUpdateView();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (name.trim() === "" ? "must not be empty" : null) },
  });
  useUnsaved(form.isDirty());
  const existing = useViewOfName(form.values.name.trim());
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

function DeleteView({ view }: { view: SavedView }) {
  const remove = useDeleteView();
  return (
    <ConfirmButton
      label="Delete"
      name={`Delete view ${view.name}`}
      stackId={`delete ${view.id}`}
      question={`The view ${plainText(view.name)} is everybody's, and gone for all.`}
      action="Delete it"
      isPending={remove.isPending}
      error={remove.error}
      act={(done) => remove.mutate(view.id, { onSuccess: done })}
    />
  );
}

/** To look at one, and for who may edit to delete some. */
function AllViews({ show }: { show(view: SavedView): void }) {
  const place = usePassingListPlace();
  const views = useViews(place.query);
  return (
    <Stack gap="xs">
      <PagedList noun="view" searchedBy="a name or query" place={place} list={views}>
        {(rows) =>
          rows.length === 0 ? (
            <Text c="dimmed">No view is left.</Text>
          ) : (
            rows.map((view) => (
              <Group key={view.id} justify="space-between" wrap="nowrap">
                <Stack gap={0} miw={0} align="start">
                  <Anchor
                    component="button"
                    size="sm"
                    ta="left"
                    onClick={() => show(view)}
                    style={{ overflowWrap: "anywhere" }}
                  >
                    {plainText(view.name)}
                  </Anchor>
                  <Text size="xs" c="dimmed" ff="monospace" maw="100%" truncate>
                    {view.query === "" ? "everything" : view.query}
                  </Text>
                </Stack>
                <Only need="edit">
                  <DeleteView view={view} />
                </Only>
              </Group>
            ))
          )
        }
      </PagedList>
    </Stack>
  );
}
