import type http from "node:http";
import type { Address } from "@/app/door/address";
import { findAddress } from "@/app/door/addresses";

/** What of a request's target is its path. */
export function pathOf(request: http.IncomingMessage): string {
  const target = request.url ?? "";
  const end = target.indexOf("?");
  return end < 0 ? target : target.slice(0, end);
}

/** Of app/door, when the request is answered without Next.js. */
export const addressOf = (request: http.IncomingMessage): Address | null =>
  findAddress(request.method ?? "", pathOf(request));
