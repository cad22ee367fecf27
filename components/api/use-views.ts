"use client";

import { useTyped } from "@/components/shared/use-typed";
import { type SavedView, savedViewSchema } from "@/core/views/schemas";
import { sendData } from "./fetch-data";
import { useChange } from "./use-change";
import { usePage } from "./use-page";

const PATH = "/api/logs/views";

export const useViews = (query: URLSearchParams) => usePage(PATH, query, savedViewSchema);

/** That of a name, which must be written just so; null: there is none, or nobody knows yet. */
export function useViewOfName(name: string): SavedView | null {
  const typed = useTyped(name);
  const { data, isPlaceholderData } = useViews(new URLSearchParams({ search: typed, limit: "1" }));
  const found = data?.data[0];
  return found && !isPlaceholderData && typed === name && found.name === name ? found : null;
}

export const useCreateView = () => useChange((input: unknown) => sendData("POST", PATH, savedViewSchema, input), PATH);

export const useUpdateView = () =>
  useChange(
    ({ id, view }: { id: number; view: unknown }) => sendData("PUT", `${PATH}?id=${id}`, savedViewSchema, view),
    PATH,
  );

export const useDeleteView = () =>
  useChange((id: number) => sendData("DELETE", `${PATH}?id=${id}`, savedViewSchema), PATH);
