import { z } from "zod";

const envelopeSchema = z.object({ success: z.boolean(), data: z.unknown(), error: z.string().optional() });
const fieldsSchema = z.object({ fields: z.record(z.string(), z.string()) });

/** What the API refused, in its own words. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** A problem for each field that is wrong. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** @throws ApiError when the API doesn't answer as it should */
export async function fetchData<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<z.infer<Schema>> {
  const response = await fetch(path, init);
  const answer = envelopeSchema.parse(await response.json());
  if (!answer.success) {
    const fields = fieldsSchema.safeParse(answer.data);
    throw new ApiError(answer.error ?? `status ${response.status}`, fields.success ? fields.data.fields : {});
  }
  return schema.parse(answer.data);
}

/** Sends a change as JSON. @throws ApiError */
export const sendData = <Schema extends z.ZodType>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  schema: Schema,
  body?: unknown,
): Promise<z.infer<Schema>> =>
  fetchData(path, schema, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
