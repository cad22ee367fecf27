"use client";

import { Alert, Badge, Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useChangePassword, useEndSessions, useSessions } from "@/components/api/use-access";
import { ConfirmButton } from "@/components/shared/confirm-button";
import { type Column, DataTable } from "@/components/shared/data-table";
import { LocalTime } from "@/components/shared/local-time";
import { PageTitle } from "@/components/shared/page-title";
import { PagedList } from "@/components/shared/paged-list";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { showErrors } from "@/components/shared/show-errors";
import { useListPlace } from "@/components/shared/use-list-place";
import { type OpenSession, passwordInputSchema } from "@/core/access/schemas";
import { browserName } from "./browser-name";
import { NewPasswordInput } from "./new-password-input";
import { useViewer } from "./viewer";

export function AccountPage() {
  const viewer = useViewer();
  return (
    <Stack>
      <PageTitle>Your account</PageTitle>
      {viewer.kind === "user" && (
        <Text>
          {plainText(viewer.name)}, {viewer.email}, {viewer.role}
        </Text>
      )}
      <Section title="Password">
        <PasswordForm />
      </Section>
      <Section title="Where you are signed in">
        <Sessions />
      </Section>
    </Stack>
  );
}

function PasswordForm() {
  const change = useChangePassword();
  const form = useForm({
    initialValues: { current: "", password: "" },
    validate: schemaResolver(passwordInputSchema, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => form.reset(),
      onError: showErrors(form),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={400}>
        <PasswordInput label="Current password" autoComplete="current-password" {...form.getInputProps("current")} />
        <NewPasswordInput label="New password" {...form.getInputProps("password")} />
        {change.error && (
          <Alert color="red" role="alert">
            {change.error.message}
          </Alert>
        )}
        {change.isSuccess && (
          <Alert color="green" role="status">
            It is changed, and you are signed out everywhere else.
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const COLUMNS: Column<OpenSession>[] = [
  {
    label: "Browser",
    cell: ({ browser, is_current }) => (
      <>
        <Text size="sm" title={plainText(browser ?? "")}>
          {plainText(browserName(browser))}
        </Text>
        {is_current && <Badge tt="none">this one</Badge>}
      </>
    ),
  },
  {
    label: "Address",
    cell: ({ address }) => (
      <Text size="sm" style={{ whiteSpace: "nowrap" }}>
        {address || "–"}
      </Text>
    ),
  },
  { label: "Since", cell: ({ created_at }) => <LocalTime time={created_at} /> },
  { label: "Until", cell: ({ expires_at }) => <LocalTime time={expires_at} /> },
];

function Sessions() {
  const place = useListPlace("page");
  const sessions = useSessions(place.query);
  const end = useEndSessions();
  return (
    <Stack>
      <PagedList noun="session" place={place} list={sessions}>
        {(rows) => <DataTable label="Sessions" columns={COLUMNS} rows={rows} rowKey={({ id }) => id} minWidth={640} />}
      </PagedList>
      <Group>
        <ConfirmButton
          label="Sign out everywhere"
          question="Sign out in every browser, this one too?"
          action="Sign out"
          isPending={end.isPending}
          error={end.error}
          act={() => end.mutate()}
        />
      </Group>
    </Stack>
  );
}
