import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { uuidParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { createKey } from "@/core/access/keys/create-key";
import { listKeys } from "@/core/access/keys/list-keys";
import { revokeKey } from "@/core/access/keys/revoke-key";
import { keyInputSchema } from "@/core/access/schemas";

export const GET = apiRoute("administer", async (_request, runtime) => ({ data: await listKeys(runtime) }));

/** Makes a key, which is told only here. */
export const POST = apiRoute("administer", async (request, runtime, { principal }) => {
  const createdBy = principal?.kind === "user" ? principal.email : "this machine";
  const data = await createKey(runtime, await parseBody(request, keyInputSchema), createdBy);
  const { name, start, scopes, services, expires_at } = data;
  const detail = { start, scopes, services, expires_at };
  return { status: 201, data, audit: { action: "key.create", target: name, detail } };
});

/** Revokes a key; it stays in the list. */
export const DELETE = apiRoute("administer", async (request, runtime) => {
  const data = await revokeKey(runtime, parseQuery(request, z.strictObject({ id: uuidParameter })).id);
  return { data, audit: { action: "key.revoke", target: data.name, detail: { start: data.start } } };
});
