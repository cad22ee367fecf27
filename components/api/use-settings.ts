"use client";

import { useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { retentionPreviewSchema } from "@/core/retention/schemas";
import {
  healthStateSchema,
  maskingSavedSchema,
  maskingStateSchema,
  retentionStateSchema,
} from "@/core/settings/schemas";
import { fetchData, sendData } from "./fetch-data";
import { useChange } from "./use-change";
import { useFresh } from "./use-data";

const HEALTH = "/api/settings/health";
const MASKING = "/api/settings/masking";
const RETENTION = "/api/settings/retention";

export const useMasking = (initial: z.infer<typeof maskingStateSchema>) =>
  useFresh(MASKING, maskingStateSchema, initial);

export const useChangeMasking = () =>
  useChange((body: unknown) => sendData("PUT", MASKING, maskingSavedSchema, body), MASKING);

export const useRetention = (initial: z.infer<typeof retentionStateSchema>) =>
  useFresh(RETENTION, retentionStateSchema, initial);

/** What a retention would remove. @param body null: it is not whole yet */
export const useRetentionPreview = (body: unknown) =>
  useQuery({
    queryKey: [RETENTION, "preview", body],
    queryFn: ({ signal }) =>
      fetchData(`${RETENTION}/preview`, retentionPreviewSchema, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal,
      }),
    enabled: body !== null,
  });

export const useChangeRetention = () =>
  useChange((body: unknown) => sendData("PUT", RETENTION, retentionStateSchema, body), RETENTION);

export const useHealth = (initial: z.infer<typeof healthStateSchema>) => useFresh(HEALTH, healthStateSchema, initial);

export const useChangeHealth = () =>
  useChange((body: unknown) => sendData("PUT", HEALTH, healthStateSchema, body), HEALTH);
