"use client";

import { Button, Menu, Text } from "@mantine/core";
import { IconLogout, IconUser } from "@tabler/icons-react";
import Link from "next/link";
import { isUnauthorised } from "@/components/api/fetch-data";
import { useSignOut } from "@/components/api/use-access";
import { plainText } from "@/components/shared/plain-text";
import { leaveToSignIn } from "./sign-in-path";
import { useViewer } from "./viewer";

/** Who is signed in, and the way out. */
export function UserMenu() {
  const viewer = useViewer();
  const signOut = useSignOut();
  if (viewer.kind === "local") return null;
  const name = plainText(viewer.name);
  const leave = () =>
    signOut.mutate(undefined, {
      // The session is over already.
      onError: (error) => isUnauthorised(error) && leaveToSignIn(),
    });
  return (
    <>
      {signOut.error && (
        <Text size="xs" c="red" role="alert">
          Still signed in: {signOut.error.message}
        </Text>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" maw={220} loading={signOut.isPending} aria-label={name}>
            <IconUser size={16} aria-hidden />
            <Text size="sm" truncate ml="xs" visibleFrom="sm">
              {name}
            </Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {viewer.email}, {viewer.role}
          </Menu.Label>
          <Menu.Item component={Link} href="/account" leftSection={<IconUser size={16} aria-hidden />}>
            Your account
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
