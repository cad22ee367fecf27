"use client";

import { Button, Menu, Modal, Progress, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { refusalOf } from "@/components/api/fetch-data";
import { countOf, formatCount } from "@/components/shared/format";
import { IconButton } from "@/components/shared/icon-button";
import { reasonOf } from "@/core/errors";
import { BlobParts } from "./blob-parts";
import { EntryCounter } from "./entry-counter";
import { saveFile } from "./save-file";

type Running = { entries: number; error: string | null };

/** Takes everything that is found as a file, and shows how far it has come. @param total entries expected, null if unknown */
export function ExportMenu({ query, total }: { query: string; total: number | null }) {
  const [running, setRunning] = useState<Running | null>(null);
  const abort = useRef<AbortController>(null);
  // Nobody can stop it any more, or would find the file.
  useEffect(() => () => abort.current?.abort(), []);

  const run = async (format: "csv" | "ndjson") => {
    const controller = new AbortController();
    abort.current = controller;
    setRunning({ entries: 0, error: null });
    try {
      const response = await fetch(`/api/logs/export?format=${format}&${query}`, { signal: controller.signal });
      if (!response.ok || !response.body) throw await refusalOf(response);
      const parts = new BlobParts();
      const counter = new EntryCounter(format);
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.add(value);
        counter.add(value);
        setRunning({ entries: counter.entries, error: null });
      }
      saveFile(parts.blob(response.headers.get("content-type") ?? ""), `cordwood.${format}`);
      setRunning(null);
    } catch (error) {
      if (controller.signal.aborted) setRunning(null);
      else
        setRunning((now) => ({
          entries: now?.entries ?? 0,
          error: reasonOf(error),
        }));
    }
  };
  const stop = () => {
    abort.current?.abort();
    setRunning(null);
  };
  const share = running && total ? Math.min(100, (running.entries / total) * 100) : 100;
  return (
    <>
      <Menu>
        <Menu.Target>
          <IconButton label="Export">
            <IconDownload size={18} aria-hidden />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => run("csv")}>CSV</Menu.Item>
          <Menu.Item onClick={() => run("ndjson")}>NDJSON</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={running !== null} onClose={stop} closeOnClickOutside={false} title="Export">
        <Stack>
          <Text role="status">{running?.error ?? "Everything that is found is taken as a file."}</Text>
          {running?.error === null && (
            <Text>
              {total === null
                ? countOf(running.entries, "entry", "entries")
                : `${formatCount(running.entries)} of ${countOf(total, "entry", "entries")}`}
            </Text>
          )}
          <Progress
            value={share}
            animated={running?.error === null}
            color={running?.error ? "red" : undefined}
            aria-label="Exported"
          />
          <Button variant="default" onClick={stop}>
            {running?.error ? "Close" : "Stop"}
          </Button>
        </Stack>
      </Modal>
    </>
  );
}
