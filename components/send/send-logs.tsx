"use client";

import { Button, Code, CopyButton, Group, Paper, Stack, Tabs } from "@mantine/core";

/** Ready to paste, with the address that this page was reached by. */
const snippets = (origin: string) => ({
  curl: `curl -X POST ${origin}/api/logs \\
  -H 'Content-Type: application/json' \\
  -d '{"service":"checkout","level":"error","message":"card declined","attributes":{"order":42}}'`,
  "Node.js": `await fetch("${origin}/api/logs", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify([
    { service: "checkout", level: "info", message: "order placed", timestamp: new Date().toISOString() },
  ]),
});`,
  Python: `import json, urllib.request

entries = [{"service": "checkout", "level": "warning", "message": "slow answer", "duration_ms": 1250}]
urllib.request.urlopen(urllib.request.Request(
    "${origin}/api/logs",
    data=json.dumps(entries).encode(),
    headers={"Content-Type": "application/json"},
))`,
  "A file": `# one JSON object a line
curl -X POST ${origin}/api/logs -H 'Content-Type: application/x-ndjson' --data-binary @entries.ndjson`,
});

export function SendLogs({ origin }: { origin: string }) {
  const all = Object.entries(snippets(origin));
  return (
    <Paper withBorder p="md">
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
              <Code block>{snippet}</Code>
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
