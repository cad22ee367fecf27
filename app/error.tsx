"use client";

import { Button, Code, Group, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { PageTitle } from "@/components/shared/page-title";

type ErrorPageProps = {
  /** The server's have a digest, by which its log names them, and no message of their own; the browser's have none. */
  error: Error & { digest?: string };
  /** Makes the page again, what the server does of it too. */
  retry: () => void;
};

/** What is there when a page can't be shown: says only what is known of the reason. */
export default function ErrorPage({ error, retry }: ErrorPageProps) {
  return (
    <Stack role="alert">
      {error.digest === undefined ? <OfBrowser error={error} /> : <OfServer digest={error.digest} />}
      <Group>
        <Button onClick={retry}>Try again</Button>
        <Button variant="default" onClick={() => window.location.reload()}>
          Load the page anew
        </Button>
      </Group>
    </Stack>
  );
}

function OfBrowser({ error }: { error: Error }) {
  return (
    <>
      <PageTitle>This page stopped working in the browser</PageTitle>
      <Text>
        The server is not at fault as far as is known: a script of the page failed here. When loading it anew does not
        help, an extension of the browser may be in its way; else it is a fault of Cordwood's, and this is what to
        report:
      </Text>
      <Code block tabIndex={0}>{`${error.name}: ${error.message}`}</Code>
    </>
  );
}

const STATES = {
  asking: "Asking how the server is ...",
  ready: "It answers now, and reaches its database: trying again may be all that is needed.",
  database: "It does not reach its database at the moment. Nothing that was accepted is lost.",
  away: "It can't be reached at the moment.",
} as const;

function OfServer({ digest }: { digest: string }) {
  const [state, setState] = useState<keyof typeof STATES>("asking");
  useEffect(() => {
    const asking = new AbortController();
    fetch("/readyz", { signal: asking.signal, cache: "no-store" }).then(
      ({ ok }) => setState(ok ? "ready" : "database"),
      () => !asking.signal.aborted && setState("away"),
    );
    return () => asking.abort();
  }, []);
  return (
    <>
      <PageTitle>The server could not make this page</PageTitle>
      <Text role="status">{STATES[state]}</Text>
      <Text>
        Its log says why, under the number <Code>{digest}</Code>.
      </Text>
    </>
  );
}
