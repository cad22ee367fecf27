import { serve } from "inngest/next";
import type { NextRequest } from "next/server";
import { getRuntime } from "@/core/runtime";
import { createClient } from "@/inngest/client";
import { createFunctions } from "@/inngest/functions";
import { TOKEN_HEADER } from "@/inngest/local-runner/run-function";

let handlers: ReturnType<typeof serve> | undefined;

/** Made at the first request, because the configuration is not there while Next.js builds. */
function getHandlers() {
  if (!handlers) {
    const client = createClient();
    handlers = serve({ client, functions: createFunctions(client) });
  }
  return handlers;
}

/** With an Inngest server its signature is checked by the SDK; without, only this process's own runner is served. */
const route = (method: "GET" | "POST" | "PUT") => async (request: NextRequest, context: unknown) => {
  const { config, runnerToken } = getRuntime();
  if (!config.inngestServer && request.headers.get(TOKEN_HEADER) !== runnerToken) {
    return Response.json({ success: false, error: "the functions are run by Cordwood itself" }, { status: 403 });
  }
  return getHandlers()[method](request, context);
};

export const GET = route("GET");
export const POST = route("POST");
export const PUT = route("PUT");
