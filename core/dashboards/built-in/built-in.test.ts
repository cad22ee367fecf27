import { beforeEach, expect, test } from "vitest";
import { checkQueries } from "@/core/dashboards/check-queries";
import { defaultsOf, sourceOf } from "@/core/dashboards/chosen";
import { readPanel } from "@/core/dashboards/read-panel";
import { removeEntries, testDatabase } from "@/core/testing/test-database";
import { entry, Instance } from "@/core/testing/watching";
import { getBuiltIn, offerBuiltIn } from "./offer-built-in";

const context = testDatabase("2026-03-10T12:00:30Z");
let instance: Instance;
beforeEach(async () => {
  await removeEntries(context);
  instance = new Instance(context);
});

const namesOf = async () => (await offerBuiltIn(instance.context)).map(({ key }) => key);

test("given what is sent, then those dashboards are offered whose fields are there", async () => {
  expect(await namesOf()).toEqual([]);
  await instance.send(entry("started", { status: "ok" }));
  expect(await namesOf()).toEqual(["what-is-sent"]);
  await instance.send(entry("boom", { level: "error" }));
  expect(await namesOf()).toEqual(["errors-by-pattern", "what-is-sent"]);
  // Of a service that is rare beside another.
  await instance.send(entry("GET /cart", { service: "web", status: 200 }));
  await instance.send(...Array.from({ length: 600 }, (_, index) => entry(`line ${index}`, { service: "loud" })));
  expect(await namesOf()).toEqual(["web-requests", "errors-by-pattern", "what-is-sent"]);
  await expect(getBuiltIn(instance.context, "nothing")).rejects.toMatchObject({ kind: "not_found" });
});

test.each([
  [
    "OpenTelemetry",
    {
      "http.response.status_code": 503,
      "http.route": "/cart/{id}",
      "http.request.method": "GET",
      "http.server.request.duration": 0.25,
    },
    ["http.response.status_code", "http.route", "http.request.method", "http.server.request.duration"],
  ],
  [
    "pino-http",
    { req: { method: "GET", url: "/cart" }, res: { statusCode: 500 }, responseTime: 12 },
    ["res.statusCode", "req.url", "req.method", "responseTime"],
  ],
  [
    "nginx",
    { status: "502", request_method: "GET", request_uri: "/cart", request_time: "0.1" },
    ["status", "request_uri", "request_method", "request_time"],
  ],
  ["little", { statusCode: 404 }, ["statusCode"]],
  ["names that the language has signs for", { "http.status": 200, "a b": 1, path: "/x" }, ["http.status", "path"]],
])(
  "given requests as %s names them, then the dashboard is made for these, and every panel of it can be shown",
  async (_, attributes, fields) => {
    await instance.send(
      entry("a request", { attributes }),
      entry("boom", { level: "error", attributes: { hostname: "a" } }),
    );
    const offered = await offerBuiltIn(instance.context);
    expect(offered.map(({ key }) => key)).toEqual(["web-requests", "errors-by-pattern", "what-is-sent"]);
    expect(offered[0]?.fields).toEqual(fields);
    for (const { definition } of offered) {
      checkQueries(definition);
      for (const panel of definition.panels) {
        const time = { range: definition.range, zone: "UTC" };
        const source = sourceOf(panel, defaultsOf(definition.variables), time);
        if (source) await readPanel(instance.context, source, new AbortController().signal);
      }
    }
  },
);

test("given a request of half a second that failed and one that did not, then the figures say so", async () => {
  const request = (status: number, duration_ms: number) => entry("a request", { status, duration_ms, route: "/cart" });
  await instance.send(request(200, 100), request(503, 500));
  const { definition } = await getBuiltIn(instance.context, "web-requests");
  const rowsOf = async (title: string) => {
    const panel = definition.panels.find((one) => one.title === title);
    const source = panel && sourceOf(panel, { service: ["shop"] }, { range: "1h", zone: "UTC" });
    if (!source) throw new Error(`there is no panel ${title}`);
    return Object(await readPanel(instance.context, source, new AbortController().signal)).rows;
  };
  expect(await rowsOf("Requests")).toEqual([[2]]);
  expect(await rowsOf("Failed")).toEqual([[50]]);
  expect(await rowsOf("By route")).toMatchObject([["/cart", 2, 1, 300, expect.any(Number)]]);
});
