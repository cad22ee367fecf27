import { z } from "zod";
import { apiRoute, listRoute } from "@/app/api/api-route";
import { searchedPageParameters, uuidParameter } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { createKey } from "@/core/access/keys/create-key";
import { listKeys } from "@/core/access/keys/list-keys";
import { revokeKey } from "@/core/access/keys/revoke-key";
import { apiKeySchema, keyInputSchema, newApiKeySchema } from "@/core/access/schemas";
import { LIMITS } from "@/core/limits";

export const GET = listRoute(
  {
    need: "administer",
    summary: "API keys without their text, the newest first.",
    query: z.strictObject(searchedPageParameters(LIMITS.listedKeys)),
    answer: z.array(apiKeySchema),
  },
  (_request, runtime, { query }) => listKeys(runtime, query),
);

export const POST = apiRoute(
  {
    need: "administer",
    summary: "Makes a key, which is told only here.",
    body: keyInputSchema,
    answer: newApiKeySchema,
  },
  async (_request, runtime, asked) => {
    const createdBy = asked.principal?.kind === "user" ? asked.principal.email : "this machine";
    const input = asked.body;
    return audited(runtime, asked, async (inside) => {
      const data = await createKey(inside, input, createdBy);
      const { name, start, scopes, services, expires_at } = data;
      const detail = { start, scopes, services, expires_at };
      return { status: 201, data, audit: { action: "key.create", target: name, detail } };
    });
  },
);

export const DELETE = apiRoute(
  {
    need: "administer",
    summary: "Revokes a key; it stays in the list.",
    query: z.strictObject({ id: uuidParameter }),
    answer: apiKeySchema,
  },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    return audited(runtime, asked, async (inside) => {
      const data = await revokeKey(inside, id);
      return { data, audit: { action: "key.revoke", target: data.name, detail: { start: data.start } } };
    });
  },
);
