"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTyped } from "@/components/shared/use-typed";
import { type ServiceList, serviceListSchema, serviceNamesSchema } from "@/core/stats/schemas";
import { fetchData } from "./fetch-data";
import { useFresh } from "./use-data";

/** Names of services that hold what is typed, a few; null: nobody types one. @param unwatched only those that no alert watches */
export function useServiceNames(search: string | null, { unwatched = false } = {}): string[] {
  const typed = useTyped(search);
  const query = new URLSearchParams({ search: typed ?? "", ...(unwatched ? { unwatched: "1" } : {}) });
  const path = `/api/logs/services/names?${query.toString()}`;
  const { data } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => fetchData(path, serviceNamesSchema, { signal }),
    enabled: typed !== null,
    placeholderData: keepPreviousData,
  });
  return typed === null ? [] : (data?.names ?? []);
}

/** @param query of GET /api/logs/services; null for nothing @param initial what is at hand already */
export const useServices = (query: URLSearchParams, initial: ServiceList | undefined, isLive: boolean) =>
  useFresh(`/api/logs/services?${query.toString()}`, serviceListSchema, initial, isLive);
