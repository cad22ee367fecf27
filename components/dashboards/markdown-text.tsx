"use client";

import { Anchor, Table, Typography } from "@mantine/core";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { Scrolled } from "./scrolled";

/** Headings of a text come below that of its panel. Images would be asked of other servers by everybody who looks. */
const COMPONENTS: Components = {
  h1: "h3",
  h2: "h4",
  h3: "h5",
  h4: "h6",
  h5: "h6",
  h6: "h6",
  img: ({ alt }) => <em>{alt}</em>,
  a: ({ href, children }) => (
    <Anchor href={href} underline="always" inherit rel="noreferrer">
      {children}
    </Anchor>
  ),
  table: ({ children }) => <Table withTableBorder>{children}</Table>,
};

/** Markdown; HTML within it is shown as the text that it is. */
export function MarkdownText({ text, title }: { text: string; title: string }) {
  return (
    <Scrolled title={title}>
      <Typography fz="sm">
        <Markdown remarkPlugins={[remarkGfm]} components={COMPONENTS}>
          {text}
        </Markdown>
      </Typography>
    </Scrolled>
  );
}
