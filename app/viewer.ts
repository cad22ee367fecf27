import { headers } from "next/headers";
import { cache } from "react";
import type { Access } from "@/core/access/access";
import type { HeaderReader } from "@/core/access/header-reader";
import { identify } from "@/core/access/identify";
import { SERVER_HEADERS } from "@/core/access/server-headers";
import { isFault } from "@/core/errors";
import { getRuntime } from "@/core/runtime";

/** Who looks at a page: asked once for all parts of it. */
export const viewerOf = cache(async () => viewerWith(getRuntime().access, await headers()));

/** @throws Fault too_busy for one who asks for too much, save for the page that signs in: whoever else is at its address */
export async function viewerWith(access: Access, requestHeaders: HeaderReader) {
  const mode = await access.mode();
  try {
    const { principal } = await identify(access, requestHeaders);
    await access.limits.takeRequest(principal, requestHeaders.get(SERVER_HEADERS.address) ?? "");
    return { mode, principal };
  } catch (error) {
    // A key that doesn't hold, which was counted: nobody, as far as pages go.
    if (isFault(error) && (error.kind === "unauthorised" || (error.kind === "too_busy" && isSignIn(requestHeaders))))
      return { mode, principal: null };
    throw error;
  }
}

function isSignIn(requestHeaders: HeaderReader): boolean {
  return (requestHeaders.get(SERVER_HEADERS.path) ?? "").split("?")[0] === "/sign-in";
}
