import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { localPath } from "@/core/access/local-path";
import { startOidc } from "@/core/access/sessions/sign-in-by-oidc";
import { notFound } from "@/core/errors";

const bodySchema = z.strictObject({ next: z.string().max(4_000).default("/") });

export const POST = apiRoute(
  {
    need: "nothing",
    guesses: true,
    summary: "Begins to sign in at the OpenID provider; `url` is where the browser goes.",
    body: bodySchema,
    answer: z.object({ url: z.string() }),
  },
  async (request, runtime, { body }) => {
    if (!runtime.config.oidc) throw notFound("this server has no OpenID provider");
    const { next } = body;
    const { url, cookies } = await startOidc(runtime, localPath(next), request.headers);
    return { data: { url }, cookies };
  },
);
