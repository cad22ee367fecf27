"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Storage, storageSchema } from "@/core/segments/storage/schemas";
import { fetchData } from "./fetch-data";

const PATH = "/api/logs/storage";
/** It changes slowly, and counts what is not sealed. */
const REFRESH_MS = 10_000;

/** What is stored. @param query of GET /api/logs/storage */
export const useStorage = (query: URLSearchParams, initialData?: Storage) =>
  useQuery<Storage>({
    queryKey: [PATH, query.toString()],
    queryFn: ({ signal }) => fetchData(`${PATH}?${query.toString()}`, storageSchema, { signal }),
    initialData,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    refetchIntervalInBackground: false,
  });
