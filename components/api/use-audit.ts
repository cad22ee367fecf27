"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { auditPageSchema } from "@/core/access/audit/schemas";
import { fetchData } from "./fetch-data";

const PATH = "/api/access/audit";

/** Page by page, newest first. @param filters parameters of the API */
export const useAudit = (filters: URLSearchParams) =>
  useInfiniteQuery({
    queryKey: [PATH, filters.toString()],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const parameters = new URLSearchParams(filters);
      if (pageParam !== "") parameters.set("before", pageParam);
      return fetchData(`${PATH}?${parameters.toString()}`, auditPageSchema, { signal });
    },
    getNextPageParam: ({ next }) => (next === null ? undefined : String(next)),
  });

export const auditExportPath = (filters: URLSearchParams) => `${PATH}/export?${filters.toString()}`;
