import { z } from "zod";
import { ask } from "./ask";
import { TestServer } from "./server";
import { expect, test } from "./test";

const operationSchema = z.object({
  parameters: z.array(z.object({ name: z.string(), required: z.boolean() })).default([]),
  responses: z.object({
    "2XX": z.object({
      content: z.object({ "application/json": z.object({ schema: z.record(z.string(), z.unknown()) }) }).optional(),
    }),
  }),
});
const descriptionSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

/** Parameters of those that need some. */
const PARAMETERS: Readonly<Record<string, string>> = {
  "/api/logs/stats": "?q=%7C%20stats%20count()%20by%20(service)",
  "/api/logs/alerts/config": "?service=described",
  "/api/logs/alerts/preview": "?service=described&error_threshold_per_min=5&warning_threshold_per_min=5",
  "/api/logs/dashboards/panel": "?kind=health",
  "/api/logs/dashboard/service": "?service=described",
  "/api/logs/dashboard/service-detail": "?service=described",
};
/** Of a user's own, of whom there is none in local mode; of no data of ours; of what there isn't here. */
const LEFT_OUT = ["/api/access/sessions", "/api/openapi.json", "/api/logs/alerts/incident", "/api/logs/alerts/query"];

const server = new TestServer();

test.beforeAll(async () => {
  await server.start();
  const lines = ["info", "warning", "error"].map((level) => ({
    service: "described",
    level,
    message: `the ${level} of request 7`,
    attributes: { status: 502, nested: { path: "/pay" } },
    tags: ["a"],
  }));
  const headers = { "content-type": "application/json" };
  expect((await ask(server.url, "/api/logs", { method: "POST", headers, body: JSON.stringify(lines) })).status).toBe(
    201,
  );
  const alert = { service: "described", error_threshold_per_min: 50, warning_threshold_per_min: 50 };
  const created = await ask(server.url, "/api/logs/alerts/config", {
    method: "POST",
    headers,
    body: JSON.stringify(alert),
  });
  expect(created.status).toBe(201);
  const dashboard = { name: "Described", definition: { version: 1, panels: [] } };
  await ask(server.url, "/api/logs/dashboards", { method: "POST", headers, body: JSON.stringify(dashboard) });
});
test.afterAll(() => server.remove());

test("given the description of the API, then everything that can be asked of it answers as it says", async () => {
  const description = await ask(server.url, "/api/openapi.json", {});
  expect(description.status).toBe(200);
  const text = description.body.replaceAll("#/components/schemas/", "#/$defs/");
  const { paths, components } = descriptionSchema.parse(JSON.parse(text));
  const asked: string[] = [];
  for (const [path, { get }] of Object.entries(paths)) {
    const schema = get?.responses["2XX"].content?.["application/json"].schema;
    if (!get || !schema || path.includes("{") || LEFT_OUT.includes(path)) continue;
    const isAskable = get.parameters.every(({ required }) => !required) || path in PARAMETERS;
    if (!isAskable) continue;
    const answer = await ask(server.url, `${path}${PARAMETERS[path] ?? ""}`, {});
    const body: unknown = JSON.parse(answer.body);
    expect(answer.status, `${path}: ${JSON.stringify(body)}`).toBe(200);
    const parsed = z.fromJSONSchema({ ...schema, $defs: components.schemas }).safeParse(body);
    expect(parsed.error?.issues ?? [], path).toEqual([]);
    asked.push(path);
  }
  expect(asked.length).toBeGreaterThan(25);
});
