import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Declaration } from "@/app/api/api-route";

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

/** Open to whoever can reach the server (core/access/needs.ts). */
const OPEN = ["nothing", "always"];

/** What has a group of its own among the routes of logs. */
const TAGS = ["alerts", "dashboards", "patterns", "views", "services"];

/** Of the functions that run in the background, which Inngest calls; it has no other users. */
const LEFT_OUT = "/api/inngest";

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Io = "input" | "output";
type Route = { method: (typeof METHODS)[number]; path: string; declaration: Declaration };

export const DESCRIPTION_FILE = "docs/openapi.json";

/** What DESCRIPTION_FILE holds, and GET /api/openapi.json answers. @throws Error for a route without a declaration */
export async function apiDescriptionText(): Promise<string> {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync("package.json", "utf8")));
  return `${JSON.stringify(await describeApi(version), null, 2)}\n`;
}

/**
 * What programs can ask of Cordwood, as an OpenAPI document (specification 3.1), of the declarations of all routes below app/.
 * @throws Error for a route without a declaration
 */
async function describeApi(version: string): Promise<object> {
  const schemas = new SchemaTexts(await namedSchemas());
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path: name, declaration } of await readRoutes()) {
    paths[name] ??= {};
    paths[name][method.toLowerCase()] = operationOf(name, method, declaration, schemas);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Cordwood",
      version,
      summary: "Takes services' logs, counts and searches them, and watches them.",
      description:
        "Answers are JSON in an envelope: `success`, and `data` or `error`. What is wrong with a request is a 4xx whose `error` says what and where. " +
        "What shippers and loggers of other systems send goes to addresses of their own protocols: see docs/sending.md.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "An API key, as Settings, API keys gives it." },
        session: { type: "apiKey", in: "cookie", name: "cordwood.session_token", description: "Of a browser." },
      },
      schemas: { ...schemas.shared, Failure: FAILURE },
    },
  };
}

const FAILURE = {
  type: "object",
  properties: {
    success: { const: false },
    error: { type: "string", description: "What was wrong, and where." },
    data: { description: "More of it: `fields` has a problem for each wrong member, `query` the place in a query." },
  },
  required: ["success", "error"],
};

/** The files of a folder that have a name, as paths within it. */
const filesIn = (folder: string, isWanted: (name: string) => boolean): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => isWanted(path.basename(file)))
    .toSorted();

async function importAll(folder: string, file: string): Promise<Record<string, unknown>> {
  const module: Record<string, unknown> = await import(path.resolve(folder, file));
  return module;
}

async function readRoutes(): Promise<Route[]> {
  const routes: Route[] = [];
  for (const file of filesIn("app", (name) => name === "route.ts")) {
    const name = `/${path.dirname(file).split(path.sep).join("/")}`.replace(/\[(\w+)\]/g, "{$1}");
    if (name === LEFT_OUT) continue;
    const module = await importAll("app", file);
    for (const method of METHODS) {
      const handler = module[method];
      if (handler === undefined) continue;
      if (!isDeclared(handler)) throw new Error(`${method} of ${file} has no declaration`);
      routes.push({ method, path: name, declaration: handler });
    }
  }
  return routes;
}

const isDeclared = (handler: unknown): handler is Declaration =>
  typeof handler === "function" && "need" in handler && "summary" in handler;

/** All that core calls by a name, such as queryAlertSchema: QueryAlert. */
async function namedSchemas(): Promise<Map<z.ZodType, string>> {
  const named = new Map<z.ZodType, string>();
  for (const file of filesIn("core", (name) => name.endsWith("schemas.ts"))) {
    for (const [name, value] of Object.entries(await importAll("core", file))) {
      if (!(value instanceof z.ZodType) || !name.endsWith("Schema")) continue;
      named.set(value, `${name[0]?.toUpperCase()}${name.slice(1, -"Schema".length)}`);
    }
  }
  return named;
}

/** Schemas as JSON Schema. Those that have a name stand once, in `shared`, so that programs made of the document have types with names. */
class SchemaTexts {
  readonly shared: Record<string, unknown> = {};
  private readonly registries: Record<Io, z.core.$ZodRegistry<{ id: string }>>;

  constructor(named: ReadonlyMap<z.ZodType, string>) {
    this.registries = { input: z.registry(), output: z.registry() };
    for (const [schema, name] of named) {
      // What is sent may leave out what has a default, so it is another type.
      this.registries.input.add(schema, { id: `${name.replace(/Input$/, "")}Input` });
      this.registries.output.add(schema, { id: name });
    }
  }

  /** What JSON Schema can't say, such as a check of ours, is left out: the API itself tells what is wrong. */
  of(schema: z.ZodType, io: Io): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      ...text
    } = z.toJSONSchema(schema, {
      io,
      metadata: this.registries[io],
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
        // Format and type say it in fewer letters.
        if (jsonSchema.format === "date-time" || jsonSchema.type === "integer") delete jsonSchema.pattern;
      },
    });
    for (const [name, shared] of Object.entries($defs)) this.shared[name] = moved(shared);
    return moved(text);
  }
}

/** The same with its references to where OpenAPI has what is shared. */
const moved = <Text extends object>(text: Text): Text =>
  JSON.parse(JSON.stringify(text).replaceAll('"#/$defs/', '"#/components/schemas/'));

function operationOf(
  name: string,
  method: string,
  { need, summary, path: open, query, body, answer, isPaged }: Declaration,
  schemas: SchemaTexts,
) {
  const parameters = [...parametersIn("path", open, schemas), ...parametersIn("query", query, schemas)];
  const words = name.split(/[^a-z]+/i).filter((word) => word !== "" && word !== "api");
  return {
    operationId: [method.toLowerCase(), ...words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)].join(""),
    summary,
    tags: [name.startsWith("/api/") ? (words.find((word) => TAGS.includes(word)) ?? words[0]) : "server"],
    ...(OPEN.includes(need) ? { security: [] } : { "x-needs": need }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: jsonOf(schemas.of(body, "input")) } }),
    responses: {
      "2XX": {
        description: "Done.",
        ...(answer && { content: jsonOf(envelopeOf(schemas.of(answer, "output"), isPaged)) }),
      },
      "4XX": {
        description: "What is wrong with the request.",
        content: jsonOf({ $ref: "#/components/schemas/Failure" }),
      },
    },
  };
}

const jsonOf = (schema: object) => ({ "application/json": { schema } });

const TOTAL = { type: "integer", description: "Of how many `data` is a page." };

const envelopeOf = (data: object, isPaged = false) => ({
  type: "object",
  properties: { success: { const: true }, data, ...(isPaged && { total: TOTAL }), message: { type: "string" } },
  required: ["success", "data", ...(isPaged ? ["total"] : [])],
});

function parametersIn(place: "path" | "query", schema: z.ZodType | undefined, schemas: SchemaTexts): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.of(schema, "input");
  return Object.entries(properties).map(([name, member]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: member,
  }));
}
