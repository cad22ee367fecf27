import { Pagination } from "@mantine/core";

type PagesProps = {
  /** Of all pages together. */
  total: number;
  /** Of one page. */
  size: number;
  /** From 1. */
  page: number;
  /** What is listed, where a page has several lists. */
  label?: string;
  setPage(page: number): void;
};

/** The way to the other pages of a list, where there are any. */
export function Pages({ total, size, page, label, setPage }: PagesProps) {
  const pages = Math.ceil(total / size);
  if (pages <= 1) return null;
  const of = label === undefined ? "" : ` of ${label}`;
  return (
    <Pagination
      total={pages}
      value={page}
      onChange={setPage}
      getControlProps={(control) => ({ "aria-label": `${control} page${of}` })}
      getItemProps={(number) => ({ "aria-label": `page ${number}${of}` })}
    />
  );
}
