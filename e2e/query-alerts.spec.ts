import { z } from "zod";
import { incidentSchema } from "@/core/alerts/schemas";
import { HttpReceiver } from "@/core/testing/receivers";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
const receiver = new HttpReceiver();

test.beforeAll(async () => {
  await receiver.start();
  await server.start({ CORDWOOD_ALLOW_PRIVATE_WEBHOOKS: "1" });
});
test.afterAll(async () => {
  await server.remove();
  await receiver.stop();
});
test.describe.configure({ mode: "serial" });

const MINUTE = 60_000;
const requests = (route: string, failed: number, fine: number, timestamp: number) =>
  server.send(
    JSON.stringify(
      Array.from({ length: failed + fine }, (_, index) => ({
        service: "shop",
        level: index < failed ? "error" : "info",
        message: "request",
        timestamp,
        attributes: { route, ms: index * 10 },
      })),
    ),
  );

test("given a share of errors by route, then the form shows what it would have done, and the receiver is told of the route that crosses", async ({
  page,
}) => {
  await requests("/pay", 5, 5, Date.now() - 120 * MINUTE);
  await requests("/cart", 1, 19, Date.now() - 120 * MINUTE);
  await page.goto(`${server.url}/alerts`);
  await expect(page.getByText("No query is watched yet.")).toBeVisible();
  await page.getByRole("link", { name: "New alert on a query" }).click();

  await page.getByRole("button", { name: "Create alert" }).click();
  await expect(page.getByText("is required").first()).toBeVisible();
  await page.getByLabel("Name").fill("Failing routes");
  await page.getByRole("textbox", { name: "Query" }).fill("level:error | stats count() by (");
  await expect(page.getByText(/at character \d+ of the query/)).toBeVisible();

  await page.getByText("A share", { exact: true }).click();
  await page.getByRole("textbox", { name: "Lines that count" }).fill("level:error");
  await page.getByRole("textbox", { name: "Of all that match" }).fill("service:shop");
  await page.getByRole("combobox", { name: "For each" }).fill("route");
  await page.keyboard.press("Enter");
  await page.getByLabel("Threshold").fill("20");
  await expect(page.getByRole("status").filter({ hasText: "would have raised 1 incident" })).toContainText(
    "of 2 groups",
  );
  await expect(page.getByRole("list", { name: "Groups that would have been told of most" })).toContainText(
    "route /pay",
  );
  await page.getByLabel("Threshold").fill("60");
  await expect(page.getByRole("status").filter({ hasText: "would have raised 0 incidents" })).toBeVisible();
  await page.getByLabel("Threshold").fill("20");
  await page.getByLabel("With at least so many lines").fill("5");

  await page.getByRole("button", { name: "Add a receiver" }).click();
  await page.getByRole("textbox", { name: "URL" }).fill("nowhere");
  await page.getByRole("button", { name: "Create alert" }).click();
  await expect(page.getByText("must be an http or https URL")).toBeVisible();
  await page.getByRole("textbox", { name: "URL" }).fill(`${receiver.url}/hook`);
  await page.getByLabel("Runbook").fill("https://wiki.example.com/routes");
  await page.getByLabel("Quiet hours").check();
  await expect(page.getByLabel("Quiet from")).toHaveValue("22:00");
  await page.getByLabel("Quiet hours").uncheck();
  await page.getByRole("button", { name: "Create alert" }).click();

  await expect(page.getByRole("heading", { name: "Alerts", exact: true })).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: "Failing routes" });
  await expect(row).toContainText("more than 20 % in 5 minutes");
  await page.getByRole("button", { name: "Send a test for Failing routes" }).click();
  await expect(page.getByText("The test arrived")).toBeVisible();

  await requests("/pay", 4, 2, Date.now());
  await requests("/cart", 1, 30, Date.now());
  await expect
    .poll(() => receiver.calls.find(({ body }) => body.includes('"opened"'))?.body, { timeout: 120_000 })
    .toContain("Alert: Failing routes (route /pay): 66.6667, more than 20 % in 5 minutes");
  expect(receiver.calls.filter(({ body }) => body.includes('"opened"'))).toHaveLength(1);

  await page.goto(`${server.url}/alerts`);
  await page.locator("section[aria-label='Open incidents']").getByRole("link", { name: "Failing routes" }).click();
  await expect(page.getByRole("heading", { name: "Failing routes" })).toBeVisible();
  await expect(page.getByText("route /pay: more than 20 % in 5 minutes")).toBeVisible();
  await page.getByRole("link", { name: "Its logs" }).click();
  await expect(page.getByRole("combobox").or(page.getByRole("textbox")).first()).toBeVisible();
  expect(new URL(page.url()).searchParams.get("q")).toBe('(level:error) route:"/pay"');

  const { body } = await server.get("/api/logs/alerts/incidents?kind=query");
  const [incident] = z.object({ data: z.array(incidentSchema) }).parse(body).data;
  expect(incident).toMatchObject({ service: "*", severity: "error", watched: { group: { route: "/pay" } } });
});

test("given an alert that is changed, switched off and deleted, then the page says so", async ({ browser }) => {
  const context = await browser.newContext({ colorScheme: "dark", viewport: { width: 375, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${server.url}/alerts`);
  await page.getByRole("link", { name: "Change the alert Failing routes" }).click();
  await expect(page.getByRole("textbox", { name: "Lines that count" })).toHaveValue("level:error");
  await page.getByLabel("Threshold").fill("70");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row").filter({ hasText: "more than 70 %" })).toBeVisible();
  await page.getByRole("switch", { name: "Alert Failing routes is on" }).click({ force: true });
  await expect(page.getByRole("switch", { name: "Alert Failing routes is on" })).not.toBeChecked();
  await page.getByRole("button", { name: "Delete the alert Failing routes" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("No query is watched yet.")).toBeVisible();
});

test("given limits of health by rate, then the Overview follows them", async ({ page }) => {
  await server.send(
    JSON.stringify(
      Array.from({ length: 40 }, (_, index) => ({
        service: "quiet",
        level: index < 6 ? "error" : "info",
        message: "m",
      })),
    ),
  );
  const row = page.getByRole("table", { name: "Services" }).getByRole("row").filter({ hasText: "quiet" });
  await page.goto(server.url);
  await expect(row).toContainText("Warning");
  await page.goto(`${server.url}/settings/health`);
  await page.getByLabel("Share of errors for Warning").fill("");
  await page.getByLabel("Share of errors for Error").fill("12");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
  await page.goto(server.url);
  await expect(row).toContainText("Error");
});
