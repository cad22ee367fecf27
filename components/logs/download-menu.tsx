"use client";

import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { RefObject } from "react";
import { useState } from "react";
import { saveFile } from "./save-file";

type DownloadMenuProps = {
  /** Parameters of GET /api/logs/stats. */
  query: string;
  /** What a picture is made of; null where nothing is drawn. */
  drawing: RefObject<HTMLElement | null> | null;
};

/** The table as a file, and what is drawn as a picture. */
export function DownloadMenu({ query, drawing }: DownloadMenuProps) {
  const [isFailed, setFailed] = useState(false);
  const savePicture = async () => {
    setFailed(false);
    try {
      if (!drawing?.current) throw new Error("nothing is drawn");
      saveFile(await pictureOf(drawing.current), "cordwood-chart.png");
    } catch {
      setFailed(true);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          color={isFailed ? "red" : undefined}
          leftSection={<IconDownload size={14} aria-hidden />}
        >
          {isFailed ? "This browser made no picture" : "Download"}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={`/api/logs/stats?format=csv&${query}`} download>
          CSV
        </Menu.Item>
        {drawing && <Menu.Item onClick={savePicture}>PNG</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

const PADDING = 16;

/** In the colours of the page, in twice its resolution. The library is loaded when it is needed. */
async function pictureOf(element: HTMLElement): Promise<Blob> {
  const { domToBlob } = await import("modern-screenshot");
  const { width, height } = element.getBoundingClientRect();
  return domToBlob(element, {
    scale: 2,
    width: width + 2 * PADDING,
    height: height + 2 * PADDING,
    backgroundColor: getComputedStyle(document.body).backgroundColor,
    style: { padding: `${PADDING}px`, boxSizing: "border-box" },
  });
}
