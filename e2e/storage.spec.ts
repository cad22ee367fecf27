import { rmSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import pg from "pg";
import { z } from "zod";
import { addMs, DAY_MS, floorTo, HOUR_MS, MINUTE_MS } from "@/core/clock";
import { storageSchema } from "@/core/segments/storage/schemas";
import { BUCKET, BucketServer } from "@/core/segments/testing/bucket-server";
import { FINDING_ONES_WAY, violationsOf, WCAG } from "./axe";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
let bucket: BucketServer;
const environment = () => ({
  ...bucket.environment,
  CORDWOOD_SEGMENTS: `s3://${BUCKET}/e2e`,
  CORDWOOD_S3_PATH_STYLE: "1",
});

test.beforeAll(async () => {
  bucket = await BucketServer.start();
  await server.start(environment());
});
test.afterAll(async () => {
  await server.remove();
  await bucket.stop();
});

// The second test goes on with what the first one has stored.
test.describe.configure({ mode: "serial" });

/** Within an hour, so that no midnight lies between the entries of a day; a day before it is old enough to be sealed. */
const started = addMs(floorTo(new Date(), HOUR_MS), -30 * MINUTE_MS);
const daysAgo = (days: number) => addMs(started, -days * DAY_MS);
const storage = async () => {
  const answer = z.object({ data: storageSchema }).parse((await server.get("/api/logs/storage")).body);
  return answer.data;
};
const segmentPaths = async (): Promise<string[]> => {
  const database = new pg.Client({ connectionString: server.databaseUrl() });
  await database.connect();
  try {
    const { rows } = await database.query<{ path: string }>("select path from logs.segments order by first_timestamp");
    return rows.map((row) => row.path);
  } finally {
    await database.end();
  }
};

async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOf(page, [...WCAG, ...FINDING_ONES_WAY])).toEqual([]);
}

test("given entries in a bucket, then the page says what is stored, for how long there is room, and what can't be read", async ({
  page,
}) => {
  await page.goto(`${server.url}/settings/storage`);
  await expect(page.getByText("Nothing is stored yet.")).toBeVisible();
  await expectAccessible(page);

  const entries = [1, 2, 3, 4].flatMap((day) =>
    Array.from({ length: 50 * day }, (_, index) => ({
      service: `service ${index % 20}`,
      message: `line ${index} of a day`,
      timestamp: daysAgo(day).getTime() - index,
    })),
  );
  expect((await server.send(JSON.stringify(entries))).status).toBe(201);
  // The job runs every minute.
  await expect.poll(async () => (await storage()).sealed.entries, { timeout: 90_000 }).toBe(500);
  expect((await server.get("/readyz")).body).toMatchObject({ status: "ready", segment_store: "ready" });

  await page.reload();
  await expect(page.getByText(`What is sealed is in s3://${BUCKET}/e2e, which can be reached.`)).toBeVisible();
  const days = page.getByRole("table", { name: "Stored by day" });
  const first = daysAgo(1).toISOString().slice(0, 10);
  await expect(days.getByRole("row", { name: new RegExp(`^${first} 50 100% 1 .* kB 0$`) })).toBeVisible();
  await expect(page.getByText(/^1 : \d+\.\d/)).toBeVisible();
  const services = page.getByRole("table", { name: "Stored by service" });
  await expect(services.getByRole("row")).toHaveCount(15);
  await page.getByRole("button", { name: "page 2 of services" }).click();
  await expect(services.getByRole("row")).toHaveCount(7);
  expect(new URL(page.url()).searchParams.get("services")).toBe("2");
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
  expect(scrollWidth).toBe(clientWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });

  // Somebody removes an object, and it is not in the cache.
  const [oldest = ""] = await segmentPaths();
  await bucket.object(`e2e/${oldest}`, { method: "DELETE" });
  rmSync(path.join(server.folder, "segment-cache", oldest));
  await page.goto(`${server.url}/logs?q=line&range=1w`);
  const notice = page.getByRole("status").filter({ hasText: "Some entries could not be read" });
  await expect(notice).toContainText("1 segment could not be read");
  await expect(notice).toContainText("200 entries");
  await expect(notice).toContainText("the file is not in the store");
  await expectAccessible(page);
  await notice.getByRole("link", { name: "See what is stored" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "1 file can't be read: 1 missing" });
  await expect(alert).toContainText(oldest);
  await expectAccessible(page);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('cordwood_unreadable_segments{problem="missing"} 1');
  expect(metrics).toContain("cordwood_segment_store_reachable 1");
});

test("given a bucket that is away, then Cordwood goes on and starts without it, says so, and finds all when it is back", async ({
  page,
}) => {
  await bucket.close();
  await expect
    .poll(async () => (await server.get("/readyz")).body, { timeout: 30_000 })
    .toMatchObject({ status: "ready", segment_store: "away" });
  rmSync(path.join(server.folder, "segment-cache"), { recursive: true, force: true });
  await server.end("SIGTERM");
  await server.start(environment());
  expect(server.output).toContain(`What is sealed can't be reached in s3://${BUCKET}/e2e`);
  const now = [{ service: "new", message: "line of now" }];
  expect((await server.send(JSON.stringify(now))).status).toBe(201);

  await page.goto(`${server.url}/logs?q=line&range=1w`);
  await expect(page.getByText("line of now")).toBeVisible();
  const notice = page.getByRole("status").filter({ hasText: "Some entries could not be read" });
  await expect(notice).toContainText("the store can't be reached");
  await page.goto(`${server.url}/settings/storage`);
  const alert = page.getByRole("alert").filter({ hasText: "The store can't be reached" });
  await expect(alert).toContainText("ECONNREFUSED");
  await expectAccessible(page);

  await bucket.open();
  await expect(page.getByText("which can be reached.")).toBeVisible({ timeout: 30_000 });
  await page.goto(`${server.url}/logs?q=line&range=1w`);
  await expect(page.getByText("301 entries")).toBeVisible();
});
