import { serve } from "inngest/next";
import { NextRequest } from "next/server";
import { plainRoute } from "@/app/api/api-route";
import { forbidden, unauthorised } from "@/core/errors";
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

/**
 * Needs nothing of ours: with an Inngest server its signature is checked by the SDK; without, only this process's own runner
 * is served.
 */
const route = (method: "GET" | "POST" | "PUT") =>
  plainRoute(
    { need: "always", summary: "Of the functions that run in the background, for Inngest." },
    async (request, { config, runnerToken, access }) => {
      if (!config.inngestServer && request.headers.get(TOKEN_HEADER) !== runnerToken) {
        const message = "the functions are run by Cordwood itself";
        throw (await access.mode()) === "locked" ? unauthorised(message) : forbidden(message);
      }
      // From its parts: Next.js hands over a proxy, whose private state a Request made from it could not read (Node.js 24).
      const { url, headers, body } = request;
      const init = body ? { method, headers, body, duplex: "half" as const } : { method, headers };
      return getHandlers()[method](new NextRequest(url, init), {});
    },
  );

export const GET = route("GET");
export const POST = route("POST");
export const PUT = route("PUT");
