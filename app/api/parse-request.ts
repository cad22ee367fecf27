import type { z } from "zod";
import { invalid, tooLarge } from "@/core/errors";
import { readBody } from "@/core/ingest/decode/read-body";
import { LIMITS } from "@/core/limits";

/**
 * The parameters of the query string, checked. Each may stand once.
 * @throws Fault invalid with the parameter's name and what is wrong with it
 */
export const parseSearchParams = <Schema extends z.ZodType>(request: Request, schema: Schema): z.infer<Schema> =>
  parseParameters(new URL(request.url).searchParams, schema);

/** The same for parameters that are at hand already. @throws Fault invalid */
export function parseParameters<Schema extends z.ZodType>(given: URLSearchParams, schema: Schema): z.infer<Schema> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of given) {
    if (Object.hasOwn(parameters, name)) throw invalid(`the parameter ${name} stands more than once`);
    parameters[name] = value;
  }
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.join(".") ?? "";
  const message = issue?.message ?? "the query string is not valid";
  throw invalid(name === "" || message.startsWith(name) ? message : `${name} ${message}`);
}

/**
 * The JSON body of a request, checked.
 * @throws Fault invalid with the field's name and what is wrong with it; `data.fields` has one problem for each wrong field
 */
export async function parseBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  mostBytes: number = LIMITS.formBytes,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await readJson(request, mostBytes));
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) fields[path.join(".")] ??= message;
  const [name = "", message = ""] = Object.entries(fields)[0] ?? [];
  throw invalid(name === "" ? "the body must be a JSON object" : `${name} ${message}`, { fields });
}

async function readJson(request: Request, mostBytes: number): Promise<unknown> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readBody(request.body, [])) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge(`the body is larger than ${mostBytes} bytes`);
    pieces.push(chunk);
  }
  if (bytes === 0) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces)));
    return value;
  } catch {
    throw invalid("the body is not JSON");
  }
}
