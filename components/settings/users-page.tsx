"use client";

import { Anchor, Group, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import Link from "next/link";
import { useState } from "react";
import { useViewer } from "@/components/access/viewer";
import {
  useChangeRole,
  useEndUserSessions,
  useInvitations,
  useRemoveUser,
  useResetLink,
  useUsers,
  useWithdrawInvitation,
} from "@/components/api/use-access";
import { ConfirmButton } from "@/components/shared/confirm-button";
import { ConfirmDialog } from "@/components/shared/confirm-dialog";
import { type Column, DataTable } from "@/components/shared/data-table";
import { LocalTime } from "@/components/shared/local-time";
import { PagedList } from "@/components/shared/paged-list";
import { plainText } from "@/components/shared/plain-text";
import { SecretOnce } from "@/components/shared/secret-once";
import { Section } from "@/components/shared/section";
import { useListPlace } from "@/components/shared/use-list-place";
import { ROLES, type Role } from "@/core/access/roles";
import type { Invitation, User } from "@/core/access/schemas";
import { InviteForm } from "./invite-form";
import { SettingsPage } from "./settings-page";

export function UsersPage() {
  const viewer = useViewer();
  return (
    <SettingsPage>
      {viewer.kind === "local" ? (
        <Section title="Users">
          <Text>
            There is no account yet, so Cordwood is open to this machine and to nobody else.{" "}
            <Anchor component={Link} href="/set-up">
              Create the first account
            </Anchor>{" "}
            to invite others.
          </Text>
        </Section>
      ) : (
        <>
          <Users />
          <Invitations />
        </>
      )}
    </SettingsPage>
  );
}

/** Who takes the role from themselves can't take it back. */
function RoleOf({ user: { id, email, role } }: { user: User }) {
  const viewer = useViewer();
  const change = useChangeRole();
  const [asked, setAsked] = useState<Role>(role);
  const [isAsking, { open, close }] = useDisclosure();
  const isOwn = viewer.kind === "user" && viewer.email === email;
  return (
    <>
      <Select
        aria-label={`Role of ${email}`}
        size="xs"
        w={110}
        allowDeselect={false}
        data={[...ROLES]}
        value={role}
        error={!isAsking && change.error?.message}
        onChange={(next) => {
          if (next === null || next === role) return;
          change.reset();
          if (!isOwn) return change.mutate({ id, role: next });
          setAsked(next);
          open();
        }}
      />
      <ConfirmDialog
        opened={isAsking}
        close={close}
        title="Your own role"
        centered
        cancel={`Stay ${role}`}
        action={`Become ${asked}`}
        isPending={change.isPending}
        error={change.error}
        // What may be seen and done is another from now on, on all of the page.
        act={() => change.mutate({ id, role: asked }, { onSuccess: () => window.location.assign("/") })}
      >
        You will be {asked}. Only another admin can make you one again.
      </ConfirmDialog>
    </>
  );
}

function Users() {
  const place = useListPlace("page", "search");
  const users = useUsers(place.query);
  const [link, setLink] = useState<MadeLink | null>(null);
  const columns: Column<User>[] = [
    {
      label: "Name",
      cell: ({ name, email }) => (
        <>
          <Text size="sm" miw={140}>
            {plainText(name)}
          </Text>
          <Text size="sm" c="dimmed">
            {email}
          </Text>
        </>
      ),
    },
    {
      label: "Role",
      cell: (user) => <RoleOf user={user} />,
    },
    { label: "Since", cell: ({ created_at }) => <LocalTime time={created_at} /> },
    { label: "Last seen", cell: ({ last_seen_at }) => (last_seen_at ? <LocalTime time={last_seen_at} /> : "–") },
    {
      label: "Actions",
      cell: (user) => (
        <Group gap="xs" wrap="nowrap">
          <SignOutUser user={user} />
          <PasswordLink user={user} show={setLink} />
          <RemoveUser user={user} />
        </Group>
      ),
    },
  ];
  return (
    <Section title="Users">
      <Stack>
        {link && (
          <SecretOnce title={`A new password for ${link.email}`} secret={link.link} close={() => setLink(null)}>
            Hand it over where nobody else reads it. It is not shown again.
          </SecretOnce>
        )}
        <PagedList noun="user" searchedBy="a name or address" place={place} list={users}>
          {(rows) => <DataTable label="Users" columns={columns} rows={rows} rowKey={({ id }) => id} minWidth={820} />}
        </PagedList>
        <Text size="sm" c="dimmed">
          Viewers read; editors also change alerts, silences, saved views, dashboards and patterns; admins also change
          settings.
        </Text>
      </Stack>
    </Section>
  );
}

/** A link for a new password, and whose. */
type MadeLink = { email: string; link: string };
type PasswordLinkProps = { user: User; show(link: MadeLink): void };

function PasswordLink({ user: { id, email }, show }: PasswordLinkProps) {
  const make = useResetLink();
  return (
    <ConfirmButton
      label="Password link"
      question={`Make a link by which ${email} sets a new password? It works for an hour, for whoever has it.`}
      action="Make the link"
      isPending={make.isPending}
      error={make.error}
      act={(done) =>
        make.mutate(id, {
          onSuccess: ({ link }) => {
            show({ email, link });
            done();
          },
        })
      }
    />
  );
}

function SignOutUser({ user: { id, email } }: { user: User }) {
  const end = useEndUserSessions();
  return (
    <ConfirmButton
      label="Sign out"
      question={`Sign ${email} out everywhere?`}
      action="Sign out"
      isPending={end.isPending}
      error={end.error}
      act={(done) => end.mutate(id, { onSuccess: done })}
    />
  );
}

function RemoveUser({ user: { id, email } }: { user: User }) {
  const remove = useRemoveUser();
  return (
    <ConfirmButton
      label="Remove"
      question={`Remove ${email}? The account is gone at once; API keys that it made go on.`}
      action="Remove"
      isPending={remove.isPending}
      error={remove.error}
      act={(done) => remove.mutate(id, { onSuccess: done })}
    />
  );
}

function Invitations() {
  const place = useListPlace("invitationsPage", "invitations");
  const invitations = useInvitations(place.query);
  const columns: Column<Invitation>[] = [
    { label: "E-mail address", cell: ({ email }) => email },
    { label: "Role", cell: ({ role }) => role },
    { label: "Invited by", cell: ({ invited_by }) => invited_by },
    { label: "Until", cell: ({ expires_at }) => <LocalTime time={expires_at} /> },
    {
      label: "Action",
      cell: (invitation) => <Withdraw invitation={invitation} />,
    },
  ];
  return (
    <Section title="Invitations">
      <Stack>
        <InviteForm />
        <PagedList noun="invitation" searchedBy="an address" place={place} list={invitations}>
          {(rows) => (
            <DataTable
              label="Invitations"
              columns={columns}
              rows={rows}
              rowKey={({ id }) => id}
              empty="None is open."
              minWidth={640}
            />
          )}
        </PagedList>
      </Stack>
    </Section>
  );
}

function Withdraw({ invitation: { id, email } }: { invitation: Invitation }) {
  const withdraw = useWithdrawInvitation();
  return (
    <ConfirmButton
      label="Withdraw"
      question={`Withdraw the invitation of ${email}? Its link stops working.`}
      action="Withdraw"
      isPending={withdraw.isPending}
      error={withdraw.error}
      act={(done) => withdraw.mutate(id, { onSuccess: done })}
    />
  );
}
