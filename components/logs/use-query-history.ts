"use client";

import { useLocalStorage } from "@mantine/hooks";
import { z } from "zod";
import { rememberQuery } from "./remember-query";

const storedSchema = z.array(z.string());

/** What was asked in this browser, the latest first. Other tabs see it at once. */
export function useQueryHistory() {
  const [queries, setQueries, forget] = useLocalStorage<string[]>({
    key: "cordwood-queries",
    defaultValue: [],
    deserialize: readStored,
  });
  return {
    queries,
    remember: (query: string) => setQueries((before) => rememberQuery(before, query)),
    forget,
  };
}

/** Whoever changed what the browser keeps, the page goes on without. */
function readStored(text: string | undefined): string[] {
  try {
    return storedSchema.parse(JSON.parse(text ?? "[]"));
  } catch {
    return [];
  }
}
