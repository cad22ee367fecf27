"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTyped } from "@/components/shared/use-typed";
import { type ServiceList, type ServiceNames, serviceListSchema, serviceNamesSchema } from "@/core/stats/schemas";
import { fetchData } from "./fetch-data";
import { useFresh } from "./use-data";

const NOTHING: ServiceNames = { total: 0, names: [] };

/** Names of services that hold what is typed, a few; null: nobody types one. @param unwatched only those that no alert watches */
export const useServiceNames = (search: string | null, options?: { unwatched?: boolean }): string[] =>
  useFoundServices(search, options).names;

/** The same, with how many there are. */
export function useFoundServices(search: string | null, { unwatched = false } = {}): ServiceNames {
  const typed = useTyped(search);
  const query = new URLSearchParams({ search: typed ?? "", ...(unwatched ? { unwatched: "1" } : {}) });
  const path = `/api/logs/services/names?${query.toString()}`;
  const { data } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => fetchData(path, serviceNamesSchema, { signal }),
    enabled: typed !== null,
    placeholderData: keepPreviousData,
  });
  return typed === null || !data ? NOTHING : data;
}

/** @param query of GET /api/logs/services; null for nothing @param initial what is at hand already */
export const useServices = (query: URLSearchParams, initial: ServiceList | undefined, isLive: boolean) =>
  useFresh(`/api/logs/services?${query.toString()}`, serviceListSchema, initial, isLive);
