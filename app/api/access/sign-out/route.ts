import { apiRoute } from "@/app/api/api-route";
import { signOut } from "@/core/access/sessions/sign-out";

export const POST = apiRoute("account", async (request, runtime) => ({
  data: {},
  cookies: await signOut(runtime, request.headers),
  audit: { action: "session.sign_out" },
}));
