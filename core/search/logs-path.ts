/** Path of the explorer's page with a query, and with a time if one is given (ISO 8601, from inclusive, to exclusive). */
export function logsPath(q: string, time?: { from: string; to: string }): string {
  return `/logs?${new URLSearchParams({ q, ...time }).toString()}`;
}
