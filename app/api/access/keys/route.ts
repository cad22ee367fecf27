import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { uuidParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { createKey } from "@/core/access/keys/create-key";
import { listKeys } from "@/core/access/keys/list-keys";
import { revokeKey } from "@/core/access/keys/revoke-key";
import { keyInputSchema } from "@/core/access/schemas";

export const GET = apiRoute("administer", async (_request, runtime) => ({ data: await listKeys(runtime) }));

/** Makes a key, which is told only here. */
export const POST = apiRoute("administer", async (request, runtime, asked) => {
  const createdBy = asked.principal?.kind === "user" ? asked.principal.email : "this machine";
  const input = await parseBody(request, keyInputSchema);
  return audited(runtime, asked, async (inside) => {
    const data = await createKey(inside, input, createdBy);
    const { name, start, scopes, services, expires_at } = data;
    const detail = { start, scopes, services, expires_at };
    return { status: 201, data, audit: { action: "key.create", target: name, detail } };
  });
});

/** Revokes a key; it stays in the list. */
export const DELETE = apiRoute("administer", async (request, runtime, asked) => {
  const { id } = parseQuery(request, z.strictObject({ id: uuidParameter }));
  return audited(runtime, asked, async (inside) => {
    const data = await revokeKey(inside, id);
    return { data, audit: { action: "key.revoke", target: data.name, detail: { start: data.start } } };
  });
});
