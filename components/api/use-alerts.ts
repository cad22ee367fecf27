"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { type QueryAlert, queryAlertSchema, queryPreviewSchema } from "@/core/alerts/queries/schemas";
import {
  type AlertConfig,
  alertConfigSchema,
  type Incident,
  type IncidentDetail,
  incidentDetailSchema,
  incidentSchema,
  previewSchema,
  type Silence,
  silenceSchema,
  testOutcomeSchema,
} from "@/core/alerts/schemas";
import { addMs, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
import type { Paged } from "@/core/page";
import { fetchData, fetchPage, sendData } from "./fetch-data";
import { serverClock } from "./server-clock";
import { useChange } from "./use-change";
import { REFRESH_MS, useFresh } from "./use-data";
import { usePage } from "./use-page";

const BASE = "/api/logs/alerts";
const configPath = (service: string) => `${BASE}/config?service=${encodeURIComponent(service)}`;

/** Of the first page there is something already, which the page was rendered with. */
type First<Row> = { initial: Paged<Row> | undefined };

export const useConfigs = (query: URLSearchParams, { initial }: First<AlertConfig>) =>
  usePage(`${BASE}/configs`, query, alertConfigSchema, { initial, refreshMs: REFRESH_MS });

/** One that is being changed, as it is now. @param initial null: it is a new one */
export const useConfig = (initial: AlertConfig | null) =>
  useChanged(configPath(initial?.service ?? ""), alertConfigSchema, initial);

export const useQueryAlert = (initial: QueryAlert | null) =>
  useChanged(`${BASE}/query?id=${initial?.id}`, queryAlertSchema, initial);

/** The page may be an old one that is shown again, so it is asked once what is there. */
const useChanged = <Schema extends z.ZodType>(path: string, schema: Schema, initial: z.infer<Schema> | null) =>
  useQuery<z.infer<Schema>>({
    queryKey: [path],
    queryFn: ({ signal }) => fetchData(path, schema, { signal }),
    ...(initial === null ? {} : { initialData: initial }),
    enabled: initial !== null,
  }).data;

/** Those that are not resolved. */
export const useOpenIncidents = (query: URLSearchParams, { initial }: First<Incident>) =>
  usePage(`${BASE}/incidents`, new URLSearchParams([...query, ["unresolved", "1"]]), incidentSchema, {
    initial,
    refreshMs: REFRESH_MS,
  });

/** Of the last days, which end now however long the page is open. @param query of the API, without a time */
export const usePastIncidents = (query: URLSearchParams, days: number) =>
  useQuery({
    queryKey: [`${BASE}/incidents`, query.toString(), days],
    queryFn: ({ signal }) => {
      const from = addMs(floorTo(new Date(serverClock.nowMs()), MINUTE_MS), -days * DAY_MS).toISOString();
      const asked = new URLSearchParams([...query, ["from", from]]);
      return fetchPage(`${BASE}/incidents?${asked.toString()}`, incidentSchema, { signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    refetchIntervalInBackground: false,
  });

export const useIncident = (id: number, initial: IncidentDetail) =>
  useFresh(`${BASE}/incident?id=${id}`, incidentDetailSchema, initial);

export const useSilences = (query: URLSearchParams, { initial }: First<Silence>) =>
  usePage(`${BASE}/silences`, query, silenceSchema, { initial, refreshMs: REFRESH_MS });

/** @param query of GET /api/logs/alerts/preview; null while the thresholds are not valid */
export const usePreview = (query: string | null) =>
  useQuery({
    queryKey: [`${BASE}/preview`, query],
    queryFn: ({ signal }) => fetchData(`${BASE}/preview?${query}`, previewSchema, { signal }),
    enabled: query !== null,
    placeholderData: keepPreviousData,
  });

export const useCreateConfig = () =>
  useChange((input: unknown) => sendData("POST", `${BASE}/config`, alertConfigSchema, input));

export const useUpdateConfig = () =>
  useChange(({ service, change }: { service: string; change: unknown }) =>
    sendData("PUT", configPath(service), alertConfigSchema, change),
  );

export const useDeleteConfig = () =>
  useChange((service: string) => sendData("DELETE", configPath(service), alertConfigSchema));

export const useTestConfig = () =>
  useChange((service: string) =>
    sendData("POST", `${BASE}/test?service=${encodeURIComponent(service)}`, z.array(testOutcomeSchema)),
  );

export const useAcknowledge = (id: number) =>
  useChange((note: string) =>
    sendData("POST", `${BASE}/incident/acknowledge?id=${id}`, incidentDetailSchema, { note }),
  );

export const useCreateSilence = () =>
  useChange((input: unknown) => sendData("POST", `${BASE}/silences`, silenceSchema, input));

export const useEndSilence = () =>
  useChange((id: number) => sendData("DELETE", `${BASE}/silences?id=${id}`, silenceSchema));

export const useQueryAlerts = (query: URLSearchParams, { initial }: First<QueryAlert>) =>
  usePage(`${BASE}/queries`, query, queryAlertSchema, { initial, refreshMs: REFRESH_MS });

/** @param watch JSON of POST /api/logs/alerts/query/preview; null while it is not valid */
export const useQueryPreview = (watch: string | null) =>
  useQuery({
    queryKey: [`${BASE}/query/preview`, watch],
    queryFn: ({ signal }) =>
      fetchData(`${BASE}/query/preview`, queryPreviewSchema, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: watch ?? "",
        signal,
      }),
    enabled: watch !== null,
    retry: false,
    placeholderData: keepPreviousData,
  });

export const useCreateQueryAlert = () =>
  useChange((input: unknown) => sendData("POST", `${BASE}/query`, queryAlertSchema, input));

export const useUpdateQueryAlert = () =>
  useChange(({ id, change }: { id: number; change: unknown }) =>
    sendData("PUT", `${BASE}/query?id=${id}`, queryAlertSchema, change),
  );

export const useDeleteQueryAlert = () =>
  useChange((id: number) => sendData("DELETE", `${BASE}/query?id=${id}`, queryAlertSchema));

export const useTestQueryAlert = () =>
  useChange((id: number) => sendData("POST", `${BASE}/query/test?id=${id}`, z.array(testOutcomeSchema)));
