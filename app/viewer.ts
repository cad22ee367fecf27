import { headers } from "next/headers";
import { cache } from "react";
import { identify } from "@/core/access/identify";
import { SERVER_HEADERS } from "@/core/access/server-headers";
import { isFault } from "@/core/errors";
import { getRuntime } from "@/core/runtime";

/** Who looks at a page: asked once for all parts of it. */
export const viewerOf = cache(async () => {
  const { access } = getRuntime();
  const requestHeaders = await headers();
  const mode = await access.mode();
  try {
    const { principal } = await identify(access, requestHeaders);
    await access.limits.takeRequest(principal, requestHeaders.get(SERVER_HEADERS.address) ?? "");
    return { mode, principal };
  } catch (error) {
    // A key that doesn't hold, which was counted: nobody, as far as pages go.
    if (isFault(error) && error.kind === "unauthorised") return { mode, principal: null };
    throw error;
  }
});
