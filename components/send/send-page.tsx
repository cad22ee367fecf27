"use client";

import { Code, Stack, Text } from "@mantine/core";
import { PageTitle } from "@/components/shared/page-title";
import { SENDERS } from "@/core/senders/senders";
import { Arrivals } from "./arrivals";
import { HowToSend } from "./how-to-send";
import { useSendState } from "./send-state";
import type { SendingPlace } from "./sending-place";

export function SendPage({ place }: { place: SendingPlace }) {
  const [{ with: id, service }] = useSendState();
  const sender = SENDERS.find((one) => one.id === id);
  return (
    <Stack>
      <PageTitle>How do you log?</PageTitle>
      <Text>
        Choose what writes or collects your logs: lines of every widely used logger are read as they are, and what sends
        to Loki, Elasticsearch, OpenTelemetry, Splunk, Datadog, Graylog or Seq sends here to another address.
      </Text>
      <HowToSend place={place}>
        <Arrivals service={sender?.saysService ? service : null} />
      </HowToSend>
      <Text size="sm" c="dimmed">
        A line that names no service is of <Code>unknown</Code>. <Code>?service=NAME</Code> in the address of the
        request says it for all lines that don't; <Code>docs/sending.md</Code> has the other parameters and the rules by
        which lines are read.
      </Text>
    </Stack>
  );
}
