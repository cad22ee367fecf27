"use client";

import { Box, Code, Group, SegmentedControl, Stack } from "@mantine/core";
import { type ReactNode, useMemo, useState } from "react";
import { CopyText } from "@/components/shared/copy-text";
import { findJson } from "@/core/search/find-json";
import { readTrace } from "@/core/traces/read-trace";
import { MarkedText, useMarks } from "../marks";
import { JsonText } from "./json-text";
import { LongText } from "./long-text";
import { StackTrace } from "./stack-trace";

type MessageViewProps = {
  /** What it is, for those who choose how it is shown or copy it: "message". */
  what: string;
  text: string;
  /** The text as it stands. */
  children: ReactNode;
};

/** A text that may be a stack trace or JSON, and is then shown as such; as it stands on request. */
export function MessageView({ what, text, children }: MessageViewProps) {
  const found = useMemo(() => readText(text), [text]);
  const [view, setView] = useState("structure");
  return (
    <Stack gap={6} align="stretch">
      {found && view === "structure" ? (
        <Structure found={found} />
      ) : (
        <LongText text={text}>
          <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {children}
          </Code>
        </LongText>
      )}
      <Group gap="xs">
        {found && (
          <SegmentedControl
            size="xs"
            aria-label={`Show the ${what} as`}
            value={view}
            onChange={setView}
            data={[
              { value: "structure", label: found.kind === "trace" ? "Frames" : "Tree" },
              { value: "text", label: "Text" },
            ]}
          />
        )}
        <CopyText label={`Copy ${what}`} value={() => text} />
      </Group>
    </Stack>
  );
}

type Found = NonNullable<ReturnType<typeof readText>>;

function readText(text: string) {
  const parts = readTrace(text);
  if (parts) return { kind: "trace" as const, parts };
  const json = findJson(text);
  return json && { kind: "json" as const, json };
}

function Structure({ found }: { found: Found }) {
  const marks = useMarks();
  if (found.kind === "trace") return <StackTrace parts={found.parts} />;
  const { before, tree } = found.json;
  return (
    <Box
      p="xs"
      style={{ borderRadius: "var(--mantine-radius-default)", background: "var(--mantine-color-default-hover)" }}
    >
      {before !== "" && (
        <Code style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", background: "none" }}>
          <MarkedText text={before} ranges={marks.inMessage(before)} />
        </Code>
      )}
      <JsonText value={tree} />
    </Box>
  );
}
