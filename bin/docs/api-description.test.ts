import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { ROUTES } from "@/e2e/routes";
import { apiDescriptionText, DESCRIPTION_FILE } from "./api-description";

const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string().regex(/^[A-Z].*\.$/, "must be a sentence"),
  "x-needs": z.string().optional(),
  security: z.array(z.never()).optional(),
  parameters: z.array(z.object({ name: z.string(), in: z.enum(["path", "query"]), required: z.boolean() })).default([]),
});
const descriptionSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

const text = readFileSync(DESCRIPTION_FILE, "utf8");
const { paths, components } = descriptionSchema.parse(JSON.parse(text));
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
);

test("given the routes, then the description is that of them: `npm run docs` writes it", async () => {
  expect((await apiDescriptionText()) === text).toBe(true);
});

test("given the table of all routes, then each is described with what it needs", () => {
  const described = operations.map((operation) => {
    const need = operation["x-needs"] ?? "open";
    return `${operation.method} ${operation.path} ${need}`;
  });
  const expected = ROUTES.filter(([, path]) => path !== "/api/inngest").map(([method, path, need]) => {
    const name = path.replace(/\[(\w+)\]/g, "{$1}");
    return `${method} ${name} ${need === "nothing" || need === "always" ? "open" : need}`;
  });
  expect(described.toSorted()).toEqual(expected.toSorted());
});

test("given each operation, then it has a name of its own, and a parameter for each part of its path that is open", () => {
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { path, method, parameters } of operations) {
    const open = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
    expect(declared, `${method} ${path}`).toEqual(open);
  }
});

test("given what refers to a shared schema, then it is there", () => {
  const referred = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = ""]) => name);
  expect(referred.length).toBeGreaterThan(100);
  expect(referred.filter((name) => !(name in components.schemas))).toEqual([]);
  for (const [name, schema] of Object.entries(components.schemas)) expect(schema, name).not.toHaveProperty("$ref");
});
