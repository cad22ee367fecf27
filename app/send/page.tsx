import { Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { originOf } from "@/app/origin";
import { pageFor } from "@/app/page-for";
import { SendLogs } from "@/components/send/send-logs";
import { PageTitle } from "@/components/shared/page-title";

export const metadata: Metadata = { title: "Send logs" };

export default pageFor("read", async () => {
  return (
    <Stack>
      <PageTitle>Send logs</PageTitle>
      <Text>
        An entry needs a service and a message; level, timestamp, tags and attributes are optional. An answer of 201
        means that the entries are stored and counted.
      </Text>
      <SendLogs origin={await originOf()} />
    </Stack>
  );
});
