import { z } from "zod";
import type { Paged } from "@/core/page";
import { type QueryProblem, queryProblemSchema } from "@/core/search/query/query-problem";
import { serverClock } from "./server-clock";

const envelopeSchema = z.object({
  success: z.boolean(),
  data: z.unknown().optional(),
  total: z.number().optional(),
  error: z.string().optional(),
});
const problemsSchema = z.object({
  fields: z.record(z.string(), z.string()).default({}),
  query: queryProblemSchema.optional(),
});

const BAD_REQUEST = 400;
const UNAUTHORISED = 401;
const NOT_FOUND = 404;
const CONFLICT = 409;

/** What the API refused, in its own words. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** A problem for each field that is wrong. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** Where a search query is wrong. */
    readonly query?: QueryProblem,
    /** HTTP's; 0 when it doesn't matter. */
    readonly status = 0,
  ) {
    super(message);
  }
}

const hasStatus = (error: Error | null, status: number): boolean =>
  error instanceof ApiError && error.status === status;

/** What was asked is wrong, and stays so. */
export const isBadRequest = (error: Error | null): boolean => hasStatus(error, BAD_REQUEST);

/** Nobody is signed in any more. */
export const isUnauthorised = (error: Error | null): boolean => hasStatus(error, UNAUTHORISED);

/** What is asked for, or was to be changed, is not there, or no more. */
export const isNotFound = (error: Error | null): boolean => hasStatus(error, NOT_FOUND);

/** What was to be changed is not as it was when the change began, or something else has its name. */
export const isConflict = (error: Error | null): boolean => hasStatus(error, CONFLICT);

/** @throws ApiError when the API doesn't answer as it should */
export async function fetchData<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<z.infer<Schema>> {
  return expected(schema, (await fetchEnvelope(path, init)).data);
}

/** A page of a list. @throws ApiError when the API doesn't answer as it should */
export async function fetchPage<Row extends z.ZodType>(
  path: string,
  row: Row,
  init: RequestInit = {},
): Promise<Paged<z.infer<Row>>> {
  const { total, data } = await fetchEnvelope(path, init);
  return expected(z.object({ total: z.number(), data: z.array(row) }), { total, data });
}

/** Its own server answers as it expects, unless another release was started since. @throws ApiError */
function expected<Schema extends z.ZodType>(schema: Schema, answered: unknown): z.infer<Schema> {
  const read = schema.safeParse(answered);
  if (!read.success) throw new ApiError("this page is older than the server: load it anew");
  return read.data;
}

/** @throws ApiError for what was refused, or is no answer of Cordwood */
async function fetchEnvelope(path: string, init: RequestInit): Promise<z.infer<typeof envelopeSchema>> {
  const response = await fetch(path, init);
  serverClock.hear(response.headers.get("date"));
  const answer = readEnvelope(await response.text(), response.status);
  if (!answer.success) throw problemOf(answer, response.status);
  return answer;
}

function problemOf({ data, error }: z.infer<typeof envelopeSchema>, status: number): ApiError {
  const problems = problemsSchema.safeParse(data);
  return new ApiError(error ?? `status ${status}`, problems.data?.fields, problems.data?.query, status);
}

/** Why something was refused that is no envelope when it is not. @throws ApiError when the answer is no refusal of Cordwood's either */
export const refusalOf = async (response: Response): Promise<ApiError> =>
  problemOf(readEnvelope(await response.text(), response.status), response.status);

/** What stands between the browser and the server may answer for it, with a page of its own. */
function readEnvelope(text: string, status: number): z.infer<typeof envelopeSchema> {
  const read = envelopeSchema.safeParse(jsonOf(text));
  if (read.success) return read.data;
  const reason =
    status < 400 ? `the server answered ${status}, but not as Cordwood does` : `the server answered ${status}`;
  throw new ApiError(reason, {}, undefined, status);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
