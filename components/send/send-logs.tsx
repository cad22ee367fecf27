"use client";

import { Anchor, Button, Code, CopyButton, Group, Paper, Stack, Tabs, Text } from "@mantine/core";
import Link from "next/link";
import { useMay, useViewer } from "@/components/access/viewer";

/** Ready to paste, with the address that this page was reached by, but for the key, where one is needed. */
const snippets = (origin: string, needsKey: boolean) => ({
  curl: `curl -X POST ${origin}/api/logs \\
  -H 'Content-Type: application/json' \\${needsKey ? "\n  -H 'Authorization: Bearer YOUR_KEY' \\" : ""}
  -d '{"service":"checkout","level":"error","message":"card declined","attributes":{"order":42}}'`,
  "Node.js": `await fetch("${origin}/api/logs", {
  method: "POST",
  headers: { "Content-Type": "application/json"${needsKey ? ', Authorization: "Bearer YOUR_KEY"' : ""} },
  body: JSON.stringify([
    { service: "checkout", level: "info", message: "order placed", timestamp: new Date().toISOString() },
  ]),
});`,
  Python: `import json, urllib.request

entries = [{"service": "checkout", "level": "warning", "message": "slow answer", "duration_ms": 1250}]
urllib.request.urlopen(urllib.request.Request(
    "${origin}/api/logs",
    data=json.dumps(entries).encode(),
    headers={"Content-Type": "application/json"${needsKey ? ', "Authorization": "Bearer YOUR_KEY"' : ""}},
))`,
  "A file": `# one JSON object a line
curl -X POST ${origin}/api/logs -H 'Content-Type: application/x-ndjson'${needsKey ? " -H 'Authorization: Bearer YOUR_KEY'" : ""} --data-binary @entries.ndjson`,
});

export function SendLogs({ origin }: { origin: string }) {
  const needsKey = useViewer().kind !== "local";
  const mayAdminister = useMay("administer");
  const all = Object.entries(snippets(origin, needsKey));
  return (
    <Paper withBorder p="md">
      {needsKey && (
        <Text size="sm" mb="xs">
          YOUR_KEY stands for an API key that may ingest.{" "}
          {mayAdminister ? (
            <Anchor component={Link} href="/settings/keys" size="sm">
              Make one
            </Anchor>
          ) : (
            "An admin makes one, under Settings."
          )}
        </Text>
      )}
      <Tabs defaultValue="curl" keepMounted={false}>
        <Tabs.List>
          {all.map(([name]) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {all.map(([name, snippet]) => (
          <Tabs.Panel key={name} value={name} pt="sm">
            <Stack gap="xs">
              <Code block tabIndex={0}>
                {snippet}
              </Code>
              <Group>
                <CopyButton value={snippet}>
                  {({ copied, copy }) => (
                    <Button size="xs" variant="light" onClick={copy}>
                      {copied ? "Copied" : "Copy"}
                    </Button>
                  )}
                </CopyButton>
              </Group>
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Paper>
  );
}
