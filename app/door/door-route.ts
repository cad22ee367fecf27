import type { Declaration } from "@/app/api/api-route";
import type { Need } from "@/core/access/needs";
import { getRuntime } from "@/core/runtime";
import type { Address } from "./address";
import { findAddress } from "./addresses";
import { answer } from "./answer";

/** A handler as Next.js takes it, with what the description of the API has of it. */
type DoorRoute = ((request: Request) => Promise<Response>) & Described & { need: Need };

/** The address checks what it takes itself. */
type Described = Pick<Declaration, "summary" | "query" | "body" | "answer">;

/**
 * The route of an address of the door, where a reader looks for it. The server has answered such requests before Next.js sees
 * them, by the same function.
 * @throws Error when the door has no such address
 */
export function doorRoute(method: Address["method"], path: string, described: Described): DoorRoute {
  const address = findAddress(method, path);
  if (!address) throw new Error(`no address ${method} ${path}`);
  const handle = async (request: Request): Promise<Response> => {
    const { searchParams: parameters } = new URL(request.url);
    const asked = { method: request.method, path, parameters, headers: request.headers, body: request.body };
    const { status, headers, body, cookies = [] } = await answer(address, asked, getRuntime());
    const response = new Response(typeof body === "string" ? body : body ? new Uint8Array(body) : null, {
      status,
      headers,
    });
    for (const cookie of cookies) response.headers.append("set-cookie", cookie);
    return response;
  };
  return Object.assign(handle, described, { need: address.need });
}
