import { Pagination } from "@mantine/core";
import { useEffect } from "react";

export type PagesProps = {
  /** Of all pages together; undefined while nobody knows. */
  total: number | undefined;
  /** Of one page. */
  size: number;
  /** From 1. */
  page: number;
  /** What is listed, where a page has several lists. */
  label?: string;
  /** Whether `total` is of what was asked before, until the answer is there. */
  isBefore?: boolean;
  /** @param how as the browser's history has it: nobody went to a page that there isn't */
  setPage(page: number, how?: { history: "replace" }): void;
};

/** The way to the other pages of a list, where there are any. From a page beyond the last one it leads to that. */
export function Pages({ total, size, page, label, isBefore = false, setPage }: PagesProps) {
  const pages = total === undefined ? null : Math.max(1, Math.ceil(total / size));
  const isBeyond = pages !== null && page > pages && !isBefore;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each page that there isn't
  useEffect(() => {
    if (isBeyond) setPage(pages, { history: "replace" });
  }, [isBeyond, page, pages]);
  if (pages === null || pages === 1) return null;
  const of = label === undefined ? "" : ` of ${label}`;
  return (
    <Pagination
      total={pages}
      value={page}
      onChange={(chosen) => setPage(chosen)}
      getControlProps={(control) => ({ "aria-label": `${control} page${of}` })}
      getItemProps={(number) => ({ "aria-label": `page ${number}${of}` })}
    />
  );
}
