import { expect, test } from "vitest";
import { may } from "@/core/access/needs";
import type { KeyPrincipal } from "@/core/access/principal";
import { testDatabase } from "@/core/testing/test-database";
import { testRuntime } from "@/core/testing/test-runtime";
import { POST as createConfig } from "./logs/alerts/config/route";
import { POST as previewQuery } from "./logs/alerts/query/preview/route";
import { GET as getAlert } from "./logs/alerts/query/route";
import { POST as createSilence } from "./logs/alerts/silences/route";
import { GET as getFacets } from "./logs/facets/route";
import { GET as search } from "./logs/route";
import { GET as listServices } from "./logs/services/route";

testRuntime(testDatabase("2026-01-01T12:00:00Z"));

type Route = (request: Request, context: { params: Promise<never> }) => Promise<Response>;

async function ask(route: Route, query: string, body?: object) {
  const init = body && { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const request = new Request(`http://127.0.0.1:3000/api/logs${query}`, init);
  const response = await route(request, { params: Promise.resolve<never>(Object.create(null)) });
  const { error = "" } = Object(await response.json());
  return `${response.status} ${error}`;
}

test("given the NUL character anywhere, then the answer is 400, and says so", async () => {
  const nul = "must not hold the NUL character";
  expect(await ask(listServices, "?search=%00")).toBe(`400 search ${nul}`);
  expect(await ask(getFacets, "?field=%00")).toBe(`400 field ${nul}`);
  expect(await ask(getFacets, "?field=user&search=a%00")).toBe(`400 search ${nul}`);
  const config = { service: "shop", error_threshold_per_min: 1, warning_threshold_per_min: 1 };
  const url = "https://example.com/a\0b";
  expect(await ask(createConfig, "", { ...config, alert_webhook_url: url })).toBe(`400 alert_webhook_url ${nul}`);
  const receivers = [{ channel: "webhook", target: url }];
  expect(await ask(createConfig, "", { ...config, receivers })).toMatch(/^400 receivers\S* must not hold the NUL/);
  expect(await ask(createSilence, "", { ends_at: "2026-01-02T00:00:00Z", reason: "a\0" })).toBe(`400 reason ${nul}`);
  expect(await ask(search, "?q=%00")).toMatch(/^[24]00/);
  expect(await ask(search, "?q=user%3A%22a%00%22")).toMatch(/^[24]00/);
});

test("given ids and offsets as large as they may be, then they are taken as such", async () => {
  expect(await ask(getAlert, "?id=9007199254740991")).toMatch(/^404 /);
  expect(await ask(getAlert, "?id=9007199254740992")).toMatch(/^400 id must be a whole number/);
  expect(await ask(listServices, "?offset=9007199254740991")).toMatch(/^200 /);
});

test("given a key with the scope alerts only, then what a query finds is not told by its preview", () => {
  const key = (scopes: KeyPrincipal["scopes"]): KeyPrincipal => ({
    kind: "key",
    id: "k",
    name: "k",
    scopes,
    services: null,
  });
  expect(may(key(["alerts"]), previewQuery.need)).toBe(false);
  expect(may(key(["read"]), previewQuery.need)).toBe(true);
});
