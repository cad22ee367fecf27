import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { signOut } from "@/core/access/sessions/sign-out";

export const POST = apiRoute(
  { need: "account", summary: "Ends the session.", answer: z.object({}) },
  async (request, runtime, asked) =>
    audited(runtime, asked, async (inside) => ({
      data: {},
      cookies: await signOut(inside, request.headers),
      audit: { action: "session.sign_out" },
    })),
);
