"use client";

import { Alert, Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useUnsaved } from "@/components/access/session-end";
import { useInvite } from "@/components/api/use-access";
import { SecretOnce } from "@/components/shared/secret-once";
import { showErrors } from "@/components/shared/show-errors";
import { ROLES, type Role } from "@/core/access/roles";
import { inviteInputSchema } from "@/core/access/schemas";

/** Makes a link that somebody makes an account with. */
export function InviteForm() {
  const invite = useInvite();
  const form = useForm<{ email: string; role: Role }>({
    initialValues: { email: "", role: "viewer" },
    validate: schemaResolver(inviteInputSchema, { sync: true }),
  });
  useUnsaved(form.isDirty());
  const submit = form.onSubmit((values) =>
    invite.mutate(values, {
      onSuccess: () => form.reset(),
      onError: showErrors(form),
    }),
  );
  const made = invite.data;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Group align="flex-end">
          <TextInput label="E-mail address" type="email" {...form.getInputProps("email")} />
          <Select label="Role" w={120} allowDeselect={false} data={[...ROLES]} {...form.getInputProps("role")} />
          <Button type="submit" loading={invite.isPending}>
            Invite
          </Button>
        </Group>
        {invite.error && (
          <Alert color="red" role="alert">
            {invite.error.message}
          </Alert>
        )}
        {made && (
          <SecretOnce title={`A link for ${made.email}`} secret={made.link} close={() => invite.reset()}>
            {made.mailed
              ? "It was mailed too. It works once, for a week, and is not shown again."
              : "No mail was sent: hand it over where nobody else reads it. It works once, for a week, and is not shown again."}
          </SecretOnce>
        )}
      </Stack>
    </form>
  );
}
