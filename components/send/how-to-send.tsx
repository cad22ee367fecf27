"use client";

import { Alert, Grid, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { useViewer } from "@/components/access/viewer";
import { partsOf, SENDERS } from "@/core/senders/senders";
import { KEY_PLACEHOLDER, targetOf } from "@/core/senders/target";
import { ChooseSender } from "./choose-sender";
import { useSendState } from "./send-state";
import { SenderKey } from "./sender-key";
import { SenderParts } from "./sender-parts";
import type { SendingPlace } from "./sending-place";
import { ServiceInput } from "./service-input";

const LOOPBACK = /^(?:localhost|127\.|::1$)/;
const never = () => () => undefined;

/** The address in the browser, which knows of TLS that ends before this server. */
function useOrigin({ origin, isConfigured }: SendingPlace): string {
  const own = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => origin,
  );
  return isConfigured ? origin : own;
}

/** A choice among senders, and what has to be done for the one that is chosen, ready to be pasted. @param children stand below that */
export function HowToSend({ place, children }: { place: SendingPlace; children?: ReactNode }) {
  const [{ with: id, service }, setState] = useSendState();
  const needsKey = useViewer().kind !== "local";
  /** Of each sender, the key that was made for it on this page. */
  const [keys, setKeys] = useState<Readonly<Record<string, string>>>({});
  const origin = useOrigin(place);
  const sender = SENDERS.find((one) => one.id === id);
  if (!sender) return null;
  const made = keys[id] ?? null;
  const { hostname, ...to } = targetOf(origin, {
    key: needsKey ? (made ?? KEY_PLACEHOLDER) : null,
    service,
    ports: place.ports,
  });
  const isOpen = sender.listener !== undefined && place.ports[sender.listener] !== null;
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 4, lg: 3 }}>
        <ChooseSender chosen={id} choose={(chosen) => setState({ with: chosen })} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8, lg: 9 }}>
        <Stack>
          <Paper withBorder p="md" component="section" aria-label={sender.name}>
            <Stack>
              <div>
                <Title order={2} size="h4">
                  {sender.name}
                </Title>
                <Text size="sm" c="dimmed">
                  {sender.about}
                </Text>
              </div>
              {sender.saysService && <ServiceInput service={service} change={(next) => setState({ service: next })} />}
              {sender.runsElsewhere && LOOPBACK.test(hostname) && (
                <Alert color="yellow" title="It can't reach this address">
                  {hostname} is this machine alone. {sender.name} needs an address that it can reach, over TLS: put a
                  reverse proxy before Cordwood and set CORDWOOD_URL, as the README says under "Put it on a network".
                </Alert>
              )}
              {needsKey && (
                <SenderKey
                  key={id}
                  name={sender.name}
                  made={made}
                  setMade={(key) => setKeys((before) => ({ ...before, [id]: key }))}
                  keyMakers={place.keyMakers}
                />
              )}
              <SenderParts parts={partsOf(sender, { ...to, hostname }, isOpen)} />
            </Stack>
          </Paper>
          {children}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
