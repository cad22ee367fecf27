"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { jobsSchema } from "@/core/jobs/schemas";
import { type Overview, overviewSchema, type ServiceDetail, serviceDetailSchema } from "@/core/stats/schemas";
import type { TimeRange } from "@/core/stats/time-range";
import { fetchData } from "./fetch-data";
import { useEvents } from "./use-events";

/** How often what is not told is asked for. */
export const REFRESH_MS = 3_000;

/**
 * Data that the page was rendered with and that is fetched anew every few seconds.
 * @param isLive it comes by itself, so it need not be fetched
 */
export function useFresh<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  initialData?: z.infer<Schema>,
  isLive = false,
) {
  return useQuery<z.infer<Schema>>({
    queryKey: [path],
    queryFn: ({ signal }) => fetchData(path, schema, { signal }),
    initialData,
    placeholderData: keepPreviousData,
    refetchInterval: isLive ? false : REFRESH_MS,
    refetchIntervalInBackground: false,
  });
}

type Live<Schema extends z.ZodType> = {
  /** Of the endpoint that gives the data once, and again while the stream is away. */
  path: string;
  /** Parameters of GET /api/logs/stream, whose `stats` are the same data. */
  view: URLSearchParams;
  schema: Schema;
  initial?: z.infer<Schema>;
};

/** Data that is told as it changes. */
export function useLive<Schema extends z.ZodType>({ path, view, schema, initial }: Live<Schema>) {
  const client = useQueryClient();
  const state = useEvents(`/api/logs/stream?${view.toString()}`, {
    stats: (data) => client.setQueryData([path], schema.parse(data)),
  });
  return { ...useFresh(path, schema, initial, state === "live"), state };
}

export const useOverview = (timeRange: TimeRange, initial?: Overview) =>
  useLive({
    path: `/api/logs/dashboard/overview?timeRange=${timeRange}`,
    view: new URLSearchParams({ view: "overview", timeRange }),
    schema: overviewSchema,
    initial,
  });

export const useServiceDetail = (service: string, timeRange: TimeRange, initial?: ServiceDetail) =>
  useLive({
    path: `/api/logs/dashboard/service-detail?${new URLSearchParams({ service, timeRange }).toString()}`,
    view: new URLSearchParams({ view: "service", service, timeRange }),
    schema: serviceDetailSchema,
    initial,
  });

export const useJobs = (initial?: z.infer<typeof jobsSchema>) => useFresh("/api/logs/jobs", jobsSchema, initial);
