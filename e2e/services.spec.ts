import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
test.afterAll(() => server.remove());

const COUNT = 120;
const nameOf = (index: number) => `svc-${String(index).padStart(3, "0")}`;

test.beforeAll(async () => {
  await server.start();
  const entries = Array.from({ length: COUNT }, (_, index) => ({
    service: nameOf(index),
    level: "info",
    message: "m",
  }));
  const errors = Array.from({ length: 60 }, () => ({ service: "svc-077", level: "error", message: "broken" }));
  expect((await server.send(JSON.stringify([...entries, ...errors]))).status).toBe(201);
});

test("given many services, then the Overview has what needs attention first, and the others by page, search and order", async ({
  page,
}) => {
  await page.goto(`${server.url}/`);
  const table = page.getByRole("table", { name: "Services" });
  await expect(page.getByText("120 services")).toBeVisible();
  await expect(table.getByRole("row")).toHaveCount(51);
  await expect(table.getByRole("row").nth(1)).toContainText("svc-077");

  await page.getByRole("button", { name: "page 3" }).click();
  await expect(table.getByRole("row")).toHaveCount(21);
  await expect(page).toHaveURL(/page=3/);
  await page.reload();
  await expect(table.getByRole("row")).toHaveCount(21);

  await page.getByRole("textbox", { name: "Search services" }).fill("SVC-11");
  await expect(page.getByText("10 services")).toBeVisible();
  await expect(table.getByRole("row")).toHaveCount(11);
  await expect(page).toHaveURL(/services=SVC-11/);

  await page.getByRole("textbox", { name: "Search services" }).fill("nothing");
  await expect(page.getByText("No service has this in its name.")).toBeVisible();
});

test("given many services, when somebody types one, then the explorer, the errors and the form of alerts complete it", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs`);
  await page.getByRole("textbox", { name: "Query" }).fill("service:svc-11");
  await expect(page.getByRole("option", { name: 'service:"svc-119"' })).toBeVisible();

  await page.goto(`${server.url}/alerts/config`);
  await page.getByRole("combobox", { name: "Service" }).fill("vc-10");
  await expect(page.getByRole("option", { name: "svc-103" })).toBeVisible();
  await page.getByRole("option", { name: "svc-103" }).click();
  await expect(page.getByRole("combobox", { name: "Service" })).toHaveValue("svc-103");

  await page.goto(`${server.url}/errors`);
  await page.getByRole("combobox", { name: "Service" }).click();
  await expect(page.getByRole("option", { name: "and 100 more: type a part" })).toBeVisible();
  await page.getByRole("combobox", { name: "Service" }).fill("077");
  await page.getByRole("option", { name: "svc-077" }).click();
  await expect(page).toHaveURL(/service=svc-077/);
  await expect(page.getByText("broken")).toBeVisible();
});

test("given the API, then services come sorted, searched and cut, and wrong parameters are told", async () => {
  const list = await server.get("/api/logs/services?sort=name&limit=2&offset=118");
  expect(list.body).toMatchObject({
    data: { total: COUNT, not_ok: 1, services: [{ service: "svc-118" }, { service: "svc-119" }] },
  });
  const names = await server.get("/api/logs/services/names?search=svc-07&limit=1");
  expect(names.body).toEqual({ success: true, data: { total: 10, names: ["svc-070"] } });
  const cut = await server.get("/api/logs/dashboard?limit=1");
  expect(cut.body).toMatchObject({
    data: { service_count: COUNT },
    message: expect.stringContaining("1 of 120 services"),
  });
  for (const query of ["sort=age", "limit=0", "limit=1001", "offset=-1", "search=a&search=b", "other=1"]) {
    expect((await server.get(`/api/logs/services?${query}`)).status, query).toBe(400);
  }
});
