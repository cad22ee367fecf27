import { searchOf } from "@/app/api/search-request";
import type { Runtime } from "@/core/runtime";
import type { SearchResult } from "@/core/search/schemas";
import { searchLogs } from "@/core/search/search-logs";

/** The newest entries of a service. */
export const recentOf = (runtime: Runtime, service: string, limit: number): Promise<SearchResult> =>
  searchLogs(runtime, { ...searchOf(runtime, { q: "", service }), limit });
