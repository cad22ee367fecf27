import type http from "node:http";
import { sendAnswer } from "./send-answer";

/** What the server answers itself, before any route. `headers` are sent with it. */
export type Refusal = { status: 400 | 403 | 405 | 503; error: string; headers?: Readonly<Record<string, string>> };

/** Answers in the API's envelope and ends the connection. */
export function refuse(response: http.ServerResponse, { status, error, headers }: Refusal): void {
  const own = { "content-type": "application/json", "cache-control": "no-store", connection: "close" };
  sendAnswer(response, { status, headers: { ...own, ...headers }, body: JSON.stringify({ success: false, error }) });
}
