import { plainRoute } from "@/app/api/api-route";

export const GET = plainRoute(
  { need: "nothing", summary: "This description of the API, in the form of OpenAPI 3.1." },
  // Read when it is asked for, since it is made of all routes, of which this is one.
  async () => Response.json((await import("@/docs/openapi.json")).default),
);
