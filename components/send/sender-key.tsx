"use client";

import { Alert, Anchor, Button, Group, Text } from "@mantine/core";
import Link from "next/link";
import { useMay } from "@/components/access/viewer";
import { useCreateKey } from "@/components/api/use-access";
import type { SendingPlace } from "./sending-place";

type SenderKeyProps = {
  /** Of the sender, and so of the key. */
  name: string;
  /** Null until one is made. */
  made: string | null;
  setMade: (key: string) => void;
  keyMakers: SendingPlace["keyMakers"];
};

/** Makes a key for what is shown, or says who can. */
export function SenderKey({ name, made, setMade, keyMakers }: SenderKeyProps) {
  const mayAdminister = useMay("administer");
  const create = useCreateKey();
  if (made !== null) {
    return (
      <Alert color="green" role="status" title={`The key "${name}" is in the configuration below`}>
        Copy it now: it is not shown again. It may send logs and nothing else; whoever administers can revoke it under{" "}
        <Anchor component={Link} href="/settings/keys" size="sm">
          Settings, API keys
        </Anchor>
        .
      </Alert>
    );
  }
  if (!mayAdminister) {
    return (
      <Text size="sm">
        YOUR_KEY stands for an API key with the scope ingest.{" "}
        {keyMakers.length === 0 ? (
          "An admin makes one, under Settings."
        ) : (
          <>
            Ask for one:{" "}
            {keyMakers.map(({ name: person, email }, index) => (
              <span key={email}>
                {index > 0 && ", "}
                {person} (
                <Anchor href={`mailto:${email}`} size="sm">
                  {email}
                </Anchor>
                )
              </span>
            ))}
            .
          </>
        )}
      </Text>
    );
  }
  const make = () =>
    create.mutate(
      { name, scopes: ["ingest"], services: [], expires_at: null },
      { onSuccess: ({ key }) => setMade(key) },
    );
  return (
    <>
      <Group gap="sm">
        <Button size="sm" onClick={make} loading={create.isPending}>
          Make a key for {name}
        </Button>
        <Text size="sm" c="dimmed">
          It takes the place of YOUR_KEY, and may only send.
        </Text>
      </Group>
      {create.error && (
        <Alert color="red" role="alert">
          {create.error.message}
        </Alert>
      )}
    </>
  );
}
