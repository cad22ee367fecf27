"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { z } from "zod";
import type { PanelContent } from "@/core/dashboards/definition";
import { PANEL_ANSWERS, type PanelSource, type PanelTime, panelProblemSchema } from "@/core/dashboards/panel-source";
import {
  type Dashboard,
  type DashboardChange,
  type DashboardInput,
  dashboardListSchema,
  dashboardSchema,
} from "@/core/dashboards/schemas";
import { valuesQuery } from "@/core/dashboards/values-query";
import { fetchData, isBadRequest, sendData } from "./fetch-data";
import { useChange } from "./use-change";
import { useEvents } from "./use-events";

const PATH = "/api/logs/dashboards";
const PANEL = `${PATH}/panel`;
const DASHBOARD_REFRESH_MS = 60_000;

/** @param query of GET /api/logs/dashboards */
export const useDashboards = (query: string, enabled = true) =>
  useQuery({
    queryKey: [PATH, "list", query],
    queryFn: ({ signal }) => fetchData(`${PATH}?${query}`, dashboardListSchema, { signal }),
    placeholderData: keepPreviousData,
    enabled,
  });

/** @param follows whether it becomes what others make of it; what is being changed stays as it was when that began */
export const useDashboard = (id: number, initialData: Dashboard, follows: boolean) =>
  useQuery({
    queryKey: [PATH, "one", id],
    queryFn: ({ signal }) => fetchData(`${PATH}/${id}`, dashboardSchema, { signal }),
    initialData,
    // On a wall nobody loads the page anew.
    refetchInterval: follows ? DASHBOARD_REFRESH_MS : false,
    refetchOnWindowFocus: follows,
    refetchOnReconnect: follows,
  });

export const useCreateDashboard = () =>
  useChange((input: DashboardInput) => sendData("POST", PATH, dashboardSchema, input), PATH);

/** Takes the JSON of a file as it is: the server says what is wrong with it. */
export const useImportDashboard = () =>
  useChange((input: unknown) => sendData("POST", PATH, dashboardSchema, input), PATH);

export function useUpdateDashboard(id: number) {
  const client = useQueryClient();
  return useChange(async (change: DashboardChange) => {
    const changed = await sendData("PUT", `${PATH}/${id}`, dashboardSchema, change);
    client.setQueryData([PATH, "one", id], changed);
    return changed;
  }, PATH);
}

export const useCopyDashboard = () =>
  useChange((id: number) => sendData("POST", `${PATH}/${id}/copy`, dashboardSchema), PATH);

export const useRemoveDashboard = () =>
  useChange((id: number) => sendData("DELETE", `${PATH}/${id}`, dashboardSchema), PATH);

export const useAddPanel = () =>
  useChange(
    ({ id, panel }: { id: number; panel: PanelContent }) =>
      sendData("POST", `${PATH}/${id}/panels`, dashboardSchema, panel),
    PATH,
  );

export const exportPath = (id: number) => `${PATH}/${id}/export`;

/** When a panel is computed again: as things arrive, after so many ms, or when somebody asks. */
export type Refresh = "live" | number | null;

/** So long a stream may take to begin, or to come back, before panels are asked for; and so often they are then. */
const STALLED_MS = 5_000;
const ASKED_AGAIN_MS = 10_000;

/** It has been waited for too long. */
function useStalled(isWaiting: boolean): boolean {
  const [isStalled, setStalled] = useState(false);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setStalled(true), STALLED_MS);
    return () => {
      clearTimeout(timer);
      setStalled(false);
    };
  }, [isWaiting]);
  return isStalled;
}

/** What a panel shows, and why it doesn't. Where the stream doesn't come through, it is asked for. */
export function usePanel<Schema extends z.ZodType>(source: PanelSource, schema: Schema, refresh: Refresh) {
  const query = parametersOf(source).toString();
  const client = useQueryClient();
  const isLive = refresh === "live";
  const [problem, setProblem] = useState<{ query: string; error: string } | null>(null);
  const state = useEvents(isLive ? `/api/logs/stream?view=panel&${query}` : null, {
    stats: (data) => {
      client.setQueryData([PANEL, query], schema.parse(data));
      setProblem(null);
    },
    problem: (data) => setProblem({ query, ...panelProblemSchema.parse(data) }),
  });
  const isStalled = useStalled(isLive && state !== "live");
  // What is refused by the stream is told why.
  const isAsked = !isLive || state === "offline" || isStalled;
  const asked = useQuery<z.infer<Schema>>({
    queryKey: [PANEL, query],
    queryFn: ({ signal }) => fetchData(`${PANEL}?${query}`, schema, { signal }),
    enabled: isAsked,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { error } }) => {
      if (isLive) return isAsked && !isBadRequest(error) ? ASKED_AGAIN_MS : false;
      return refresh ?? false;
    },
    refetchOnWindowFocus: false,
    retry: false,
  });
  const told = isLive && problem?.query === query ? problem.error : null;
  const failed = isAsked ? (asked.error?.message ?? null) : null;
  return {
    data: asked.data,
    // What was told last is better than nothing, as long as it is not what the question is about.
    error: told ?? (asked.data === undefined ? failed : null),
    isBehind: isAsked ? failed !== null : state === "reconnecting",
    // Of what was chosen before: another time, or another value of a variable.
    isBefore: asked.isPlaceholderData,
  };
}

/** The values of a field in a time that hold what is typed, the most frequent first. */
export function useFieldValues(field: string, typed: string, time: PanelTime, enabled: boolean) {
  const query = parametersOf({ kind: "stats", q: valuesQuery(field, typed), time }).toString();
  const { data, isFetching } = useQuery({
    queryKey: [PANEL, query],
    queryFn: ({ signal }) => fetchData(`${PANEL}?${query}`, PANEL_ANSWERS.stats, { signal }),
    enabled,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const values = enabled ? (data?.rows ?? []).flatMap(([value]) => (typeof value === "string" ? [value] : [])) : [];
  return { values, isFetching };
}

/** Computes all panels again. */
export function useRefreshPanels() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [PANEL] });
}

/** Of GET /api/logs/dashboards/panel. */
function parametersOf(source: PanelSource): URLSearchParams {
  switch (source.kind) {
    case "stats":
    case "lines":
      return new URLSearchParams({
        kind: source.kind,
        q: source.q,
        ...(source.kind === "lines" && { limit: String(source.limit) }),
        ...source.time,
      });
    case "health":
    case "incidents":
      return new URLSearchParams({ kind: source.kind, services: JSON.stringify(source.services) });
  }
}
