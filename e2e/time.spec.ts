import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from "@/core/clock";
import { formatInZone, momentInZone } from "@/core/zoned-time";
import { ask } from "./ask";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
const sent = addMs(new Date(), -30 * MINUTE_MS);

/** What clocks in a zone show. */
const clock = (zone: string) =>
  new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(sent);

test.beforeAll(async () => {
  await server.start();
  const entry = (service: string, timestamp: Date) => ({
    service,
    level: "error",
    message: `from ${service}`,
    timestamp,
  });
  const body = [entry("now", sent), entry("older", addMs(new Date(), -3 * DAY_MS))];
  expect((await server.send(JSON.stringify(body))).status).toBe(201);
});
test.afterAll(() => server.remove());

async function choose(page: Page, zone: string): Promise<void> {
  await page.getByRole("button", { name: /^Times in / }).click();
  await page.getByRole("menuitemradio", { name: zone }).click();
}

test("given a browser in Stockholm, when times are switched to UTC, then they are on every page, after a reload too, and the URL says so", async ({
  page,
}) => {
  await page.goto(`${server.url}/service?name=now`);
  const seen = page.getByRole("region", { name: "Recent entries" }).locator("time");
  await expect(seen).toHaveText(clock("Europe/Stockholm"));
  await expect(page).toHaveURL(/tz=Europe\/Stockholm/);
  await choose(page, "UTC");
  await expect(seen).toHaveText(clock("UTC"));
  await expect(page).toHaveURL(/tz=UTC/);
  await page.getByRole("link", { name: "Logs", exact: true }).click();
  await expect(page.getByRole("list", { name: "Entries" }).locator("time")).toContainText(clock("UTC").slice(5));
  await expect(page).toHaveURL(/tz=UTC/);
  // Going back to where another one was chosen does not take the choice back.
  await choose(page, "Europe/Stockholm");
  await expect(page).toHaveURL(/tz=Europe\/Stockholm/);
  await page.goBack();
  await expect(seen).toHaveText(clock("Europe/Stockholm"));
  await expect(page).toHaveURL(/tz=Europe\/Stockholm/);
  await choose(page, "UTC");
  await expect(page).toHaveURL(/tz=UTC/);

  await page.goto(`${server.url}/service?name=now`);
  await expect(seen).toHaveText(clock("UTC"));
  // The server knows it, so nothing jumps.
  expect(await (await page.request.get(`${server.url}/service?name=now`)).text()).toContain(`${clock("UTC")}<`);
  await choose(page, "Europe/Stockholm");
  await expect(seen).toHaveText(clock("Europe/Stockholm"));
});

test("given a link of somebody in New York, then times are New York's there and on the pages after it, until another zone is chosen", async ({
  page,
}) => {
  await page.goto(`${server.url}/service?name=now&tz=America/New_York`);
  const seen = page.getByRole("region", { name: "Recent entries" }).locator("time");
  await expect(seen).toHaveText(clock("America/New_York"));
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByRole("row", { name: /^now/ }).locator("time").last()).toHaveText(clock("America/New_York"));
  await expect(page).toHaveURL(/tz=America\/New_York/);
  await choose(page, "Europe/Stockholm");
  await expect(page.getByRole("row", { name: /^now/ }).locator("time").last()).toHaveText(clock("Europe/Stockholm"));
  await expect(page).toHaveURL(/tz=Europe\/Stockholm/);

  await page.goto(`${server.url}/service?name=now&tz=Mars/Olympus`);
  await expect(seen).toHaveText(clock("Europe/Stockholm"));
});

test("given a URL or a cookie with no zone in it, then the page is there all the same", async () => {
  for (const cookie of ["cordwood_own_time_zone=Mars", "cordwood_own_time_zone=%", "cordwood_time_zone=x"]) {
    for (const path of ["/", "/service?name=now&tz=%00", "/logs?tz=<b>", "/logs?range=never&tz=UTC&tz=UTC"]) {
      expect((await ask(server.url, path, { headers: { cookie } })).status, `${path} ${cookie}`).toBe(200);
    }
  }
});

test("given the time range, when it is typed, then it is searched, and what is no range is told", async ({ page }) => {
  await page.goto(`${server.url}/logs`);
  const list = page.getByRole("list", { name: "Entries" });
  const type = async (button: string, text: string) => {
    // What chooses the range has its name too, as long as it fades.
    await page.getByRole("button", { name: button, exact: true }).first().click();
    const input = page.getByRole("textbox", { name: "Time range" });
    await expect(input).toBeFocused();
    await input.fill(text);
    await input.press("Enter");
  };
  await type("Last hour", "45 min");
  await expect(page).toHaveURL(/range=45m/);
  await expect(list.getByText("from now")).toBeVisible();

  await type("Last 45 minutes", "a while");
  await expect(page.getByText("must be such as 45m")).toBeVisible();
  // Noon of yesterday as clocks in Stockholm have it, whose days change at other moments than 24 hours ago.
  const midnight = momentInZone(
    `${formatInZone(Date.now(), "Europe/Stockholm", "yyyy-MM-dd")}T00:00:00`,
    "Europe/Stockholm",
  );
  const timestamp = addMs(midnight ?? new Date(), -12 * HOUR_MS);
  const body = { service: "yesterday", level: "error", message: "from yesterday", timestamp };
  expect((await server.send(JSON.stringify(body))).status).toBe(201);
  await page.getByRole("textbox", { name: "Time range" }).fill("yesterday");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/range=yesterday/);
  await expect(list.getByText("from yesterday")).toBeVisible();
  await expect(list.getByText("from older")).toHaveCount(0);

  await type("Yesterday", "last 4 days");
  await expect(list.getByText("from older")).toBeVisible();
  await expect(page.getByRole("button", { name: "Last 4 days" })).toBeVisible();
});

test("given clocks of UTC, when a time is given, then it is UTC's", async ({ page }) => {
  await page.goto(`${server.url}/logs?tz=UTC`);
  await page.getByRole("button", { name: "Last hour" }).click();
  const day = addMs(sent, -24 * HOUR_MS)
    .toISOString()
    .slice(0, 10);
  await page.getByLabel("From, in UTC").fill(`${day}T00:00:00`);
  await page.getByLabel("To", { exact: true }).fill(`${day}T12:30:00`);
  await page.getByRole("button", { name: "Use this time" }).click();
  await expect(page).toHaveURL(new RegExp(`from=${day}T00:00:00.000Z&to=${day}T12:30:00.000Z`));
});

test("given a time to the millisecond, when it is used as it stands, then it stays what it is, and the focus is where it was", async ({
  page,
}) => {
  // The hour that Stockholm's clocks show twice: its second time.
  const [from, to] = ["2025-10-26T01:15:00.250Z", "2025-10-26T01:45:00.750Z"];
  await page.goto(`${server.url}/logs?from=${from}&to=${to}`);
  const button = page.getByRole("button", { name: /^Oct 26/ });
  await button.click();
  await page.getByLabel("To", { exact: true }).fill("2025-10-26T04:00:00");
  await page.getByRole("button", { name: "Use this time" }).click();
  await expect(page).toHaveURL(
    ({ searchParams }) => searchParams.get("from") === from && searchParams.get("to") === "2025-10-26T03:00:00.000Z",
  );
  await expect(button).toBeFocused();
});

test("given a browser whose clock is three hours ahead, when it asks anew, then the last hour is the server's", async ({
  page,
}) => {
  await page.clock.setFixedTime(addMs(new Date(), 3 * HOUR_MS));
  await page.goto(`${server.url}/logs?range=1h`);
  const entries = page.getByRole("list", { name: "Entries" });
  await expect(entries).toContainText("from now");
  const asking = page.waitForRequest((request) => new URL(request.url()).pathname === "/api/logs");
  await page.getByRole("button", { name: "Refresh" }).click();
  const to = new URL((await asking).url()).searchParams.get("to");
  expect(Math.abs(Date.parse(to ?? "") - Date.now())).toBeLessThan(5 * MINUTE_MS);
  await expect(entries).toContainText("from now");
});
