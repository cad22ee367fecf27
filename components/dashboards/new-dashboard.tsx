"use client";

import { Alert, Button, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useRouter } from "next/navigation";
import { useUnsaved } from "@/components/access/session-end";
import { useCreateDashboard } from "@/components/api/use-dashboards";
import { DialogButtons } from "@/components/shared/dialog-buttons";
import { showErrors } from "@/components/shared/show-errors";
import { definitionSchema } from "@/core/dashboards/definition";
import { LIMITS } from "@/core/limits";
import { dashboardPath } from "./dashboard-path";

/** Asks for a name, and goes to the dashboard to be filled. */
export function NewDashboard() {
  const [opened, { open, close }] = useDisclosure();
  const router = useRouter();
  const create = useCreateDashboard();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (name.trim() === "" ? "must not be empty" : null) },
  });
  useUnsaved(opened && form.isDirty());
  const submit = form.onSubmit(({ name }) =>
    create.mutate(
      { name: name.trim(), description: "", definition: definitionSchema.parse({ version: 1 }) },
      {
        onSuccess: ({ id }) => router.push(`${dashboardPath(id)}&edit=true`),
        onError: showErrors(form),
      },
    ),
  );
  return (
    <>
      <Button onClick={open}>New dashboard</Button>
      <Modal opened={opened} onClose={close} title="New dashboard">
        <form onSubmit={submit} noValidate>
          <Stack>
            <TextInput
              label="Name"
              required
              data-autofocus
              maxLength={LIMITS.dashboardNameCharacters}
              {...form.getInputProps("name")}
            />
            {create.error && (
              <Alert color="red" role="alert">
                {create.error.message}
              </Alert>
            )}
            <DialogButtons action="Make it" isPending={create.isPending} cancel={close} />
          </Stack>
        </form>
      </Modal>
    </>
  );
}
