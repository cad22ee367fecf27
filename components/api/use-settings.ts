"use client";

import type { z } from "zod";
import { maskingSchema, maskingStateSchema, retentionStateSchema } from "@/core/settings/schemas";
import { sendData } from "./fetch-data";
import { useChange } from "./use-change";
import { useFresh } from "./use-data";

const MASKING = "/api/settings/masking";
const RETENTION = "/api/settings/retention";

export const useMasking = (initial: z.infer<typeof maskingStateSchema>) =>
  useFresh(MASKING, maskingStateSchema, initial);

export const useChangeMasking = () =>
  useChange((body: unknown) => sendData("PUT", MASKING, maskingSchema, body), MASKING);

export const useRetention = (initial: z.infer<typeof retentionStateSchema>) =>
  useFresh(RETENTION, retentionStateSchema, initial);

export const useChangeRetention = () =>
  useChange((body: unknown) => sendData("PUT", RETENTION, retentionStateSchema, body), RETENTION);
