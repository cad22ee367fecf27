import pg from "pg";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start());
test.afterAll(() => server.remove());

test("given a job that fails again and again, then the Overview, the metrics and the readiness say so", async ({
  page,
}) => {
  const database = new pg.Client({ connectionString: server.databaseUrl() });
  await database.connect();
  try {
    // Of times to come, so that the runs of the server itself are not newer.
    await database.query(`
      insert into logs.job_executions (job_type, scheduled_for, started_at, completed_at, status, error_message, created_at)
      select 'retention', now() + make_interval(hours => n), now(), now(), 'failed', 'the disk is full', now()
      from generate_series(1, 3) as n`);
  } finally {
    await database.end();
  }

  await page.goto(server.url);
  const alert = page.getByRole("alert", { name: "Jobs fail again and again" });
  await expect(alert).toContainText("drop expired ones: the disk is full");
  await expect
    .poll(async () => (await server.get("/readyz")).body)
    .toEqual({
      status: "ready",
      failing_jobs: ["retention"],
      late_jobs: [],
      listeners: [],
      segment_store: "ready",
    });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('cordwood_failing_jobs{job_type="retention"} 1');
  await alert.getByRole("link", { name: "See the jobs" }).click();
  await expect(page.getByRole("heading", { name: "Jobs", exact: true })).toBeVisible();
});
