"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { Paged } from "@/core/page";
import { fetchPage } from "./fetch-data";

type Options<Row> = {
  /** What the page was rendered with. */
  initial?: Paged<Row>;
  /** How often it is asked for again, while somebody looks; absent: when something of it is changed here. */
  refreshMs?: number;
};

/** A page of a list; what was shown before stays until it is there. @param query of the API, as a place in a list has it */
export const usePage = <Row extends z.ZodType>(
  path: string,
  query: URLSearchParams,
  row: Row,
  { initial, refreshMs }: Options<z.infer<Row>> = {},
) =>
  useQuery<Paged<z.infer<Row>>>({
    queryKey: [path, query.toString()],
    queryFn: ({ signal }) => fetchPage(`${path}?${query.toString()}`, row, { signal }),
    initialData: initial,
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs ?? false,
    refetchIntervalInBackground: false,
  });
