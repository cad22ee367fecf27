"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { savedViewSchema } from "@/core/views/schemas";
import { fetchData, sendData } from "./fetch-data";
import { useChange } from "./use-change";

const PATH = "/api/logs/views";

export const useViews = () =>
  useQuery({ queryKey: [PATH], queryFn: ({ signal }) => fetchData(PATH, z.array(savedViewSchema), { signal }) });

export const useCreateView = () => useChange((input: unknown) => sendData("POST", PATH, savedViewSchema, input), PATH);

export const useUpdateView = () =>
  useChange(
    ({ id, view }: { id: number; view: unknown }) => sendData("PUT", `${PATH}?id=${id}`, savedViewSchema, view),
    PATH,
  );

export const useDeleteView = () =>
  useChange((id: number) => sendData("DELETE", `${PATH}?id=${id}`, savedViewSchema), PATH);
