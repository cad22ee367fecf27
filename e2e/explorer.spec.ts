import { readFileSync } from "node:fs";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
const MINUTE_MS = 60_000;
/** The begin of a minute, half an hour ago. */
let begin = 0;

/** Of 30 minutes: 4 lines each of checkout, 2 of search and, in every third, an error; durations of 10, 20, ... ms, and 2 s at the 20th minute. */
test.beforeAll(async () => {
  await server.start();
  begin = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 30 * MINUTE_MS;
  const entries = Array.from({ length: 30 }, (_, minute) =>
    Array.from({ length: 6 }, (_, index) => ({
      timestamp: begin + minute * MINUTE_MS + index * 1_000,
      service: index < 4 ? "checkout" : "search",
      level: index === 0 && minute % 3 === 0 ? "error" : "info",
      message: index === 0 && minute % 3 === 0 ? `payment ${minute} declined` : `request ${minute * 6 + index} served`,
      attributes: { duration_ms: minute === 20 ? 2_000 : 10 * (index + 1), http: { route: `/r${index % 3}` } },
    })),
  ).flat();
  expect((await server.send(JSON.stringify(entries))).status).toBe(201);
});
test.afterAll(() => server.remove());

const open = (page: Page, q: string, more: Record<string, string> = {}) =>
  page.goto(`${server.url}/logs?${new URLSearchParams({ q, ...more })}`);
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const chart = (page: Page) => page.getByRole("figure").filter({ has: page.getByRole("application") });
/** The table that is read out in place of a chart: its rows, each as its cells. */
const readOut = (page: Page) => page.getByRole("figure").getByRole("row");

/** Points at a share of the chart's width. */
async function placeAt(page: Page, share: number) {
  const grid = page.locator(".recharts-cartesian-grid");
  await expect(grid).toBeVisible();
  // They come beside it, and make it narrower.
  await expect(page.getByRole("region", { name: "Values", exact: true })).toBeVisible();
  // A chart is drawn once more when it knows how wide its axis is.
  let box = await grid.boundingBox();
  const isSettled = async () => {
    const before = JSON.stringify(box);
    box = await grid.boundingBox();
    return before === JSON.stringify(box);
  };
  await expect.poll(isSettled, { intervals: [100] }).toBe(true);
  if (!box) throw new Error("there is no chart");
  return { x: box.x + box.width * share, y: box.y + box.height / 2 };
}

/** Drags along shares of the chart's width within one frame, as a quick hand on a busy machine does: it may be drawn anew at any other time. */
async function dragAtOnce(page: Page, shares: readonly number[]) {
  await placeAt(page, 0);
  await page.locator(".recharts-cartesian-grid").evaluate((grid, along) => {
    const { left, top, width, height } = grid.getBoundingClientRect();
    const tell = (type: string, share: number) => {
      const [x, y] = [left + width * share, top + height / 2];
      const event = { bubbles: true, cancelable: true, clientX: x, clientY: y, button: 0 };
      document.elementFromPoint(x, y)?.dispatchEvent(new MouseEvent(type, event));
    };
    const [first, last] = [along.at(0), along.at(-1)];
    if (first === undefined || last === undefined) return;
    tell("mousemove", first);
    tell("mousedown", first);
    for (const share of along.slice(1)) tell("mousemove", share);
    tell("mouseup", last);
  }, shares);
}

test("given a query for lines, then its chart has counts by level over time, its tabs are walked by the keyboard, and Back goes back", async ({
  page,
}) => {
  await open(page, "");
  await expect(page.getByText("180 entries")).toBeVisible();
  const tabs = page.getByRole("tablist", { name: "View" }).getByRole("tab");
  await expect(tabs).toHaveText(["Lines", "Patterns", "Chart", "Table"]);
  await page.getByRole("tab", { name: "Lines" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Chart" })).toHaveAttribute("aria-selected", "true");
  await expect(chart(page)).toHaveAccessibleName("count() over time, 2 lines");
  await expect(page.getByRole("list", { name: "Series" }).getByRole("button")).toHaveText(["info", "error"]);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("table", { name: "Groups" })).toBeVisible();
  await page.goBack();
  await expect(chart(page)).toBeVisible();
});

test("given percentiles over time, then values have the unit of their name, which can be set, and a logarithmic axis", async ({
  page,
}) => {
  await open(page, "| timeseries max(duration_ms) as slowest, p50(duration_ms) by (service)");
  // What was named says nothing of its unit.
  await expect(page.getByRole("combobox", { name: "Unit" })).toHaveValue("guessed: no unit");
  await page.getByRole("combobox", { name: "Measure that is drawn" }).click();
  await page.getByRole("option", { name: "p50(duration_ms)" }).click();
  await expect(page.getByRole("combobox", { name: "Unit" })).toHaveValue("guessed: milliseconds");
  await expect(readOut(page).filter({ hasText: "2 s" })).toHaveCount(1);
  await expect(readOut(page).filter({ hasText: "25 ms" })).not.toHaveCount(0);
  await page.getByRole("combobox", { name: "Unit" }).click();
  await page.getByRole("option", { name: "seconds", exact: true }).click();
  await expect(readOut(page).filter({ hasText: "33.33 min" })).toHaveCount(1);
  await page.getByLabel("Logarithmic").check();
  // Its lowest power of ten.
  await expect(page.getByRole("figure").locator("svg").getByText("10 s", { exact: true })).toBeVisible();
  expect(["unit", "log", "measure"].map((name) => parameter(page, name))).toEqual(["s", "true", "p50(duration_ms)"]);
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Unit" })).toHaveValue("seconds");
  await expect(page.getByLabel("Logarithmic")).toBeChecked();
});

test("given series, then the pointer shows what each has, and the legend shows one alone and all again", async ({
  page,
}) => {
  await open(page, "| timeseries count() by (service)");
  const { x, y } = await placeAt(page, 0.5);
  await page.mouse.move(x, y);
  const values = page.locator(".recharts-tooltip-wrapper");
  await expect(values).toContainText(/checkout\s*4\s*search\s*2/);
  const legend = page.getByRole("list", { name: "Series" });
  await legend.getByRole("button", { name: "search" }).click();
  await expect(legend.getByRole("button", { name: "checkout" })).toHaveAttribute("aria-pressed", "false");
  await expect(page).toHaveURL(/series=search/);
  await page.mouse.move(x + 2, y);
  await expect(values).not.toContainText("checkout");
  await legend.getByRole("button", { name: "checkout" }).click({ modifiers: ["Shift"] });
  await expect(page).not.toHaveURL(/series=/);
  await legend.getByRole("button", { name: "search" }).click();
  await legend.getByRole("button", { name: "search" }).click();
  await expect(page).not.toHaveURL(/series=/);
});

test("given a drag over the chart, then the time is that of it; given a point, then it leads to the lines behind it", async ({
  page,
}) => {
  // Each minute has lines; of shorter steps only some have.
  await open(page, "| stats count() by (service, time(1m))", { kind: "bars" });
  await dragAtOnce(page, [0.55, 0.7, 0.8]);
  await expect(page).toHaveURL(/from=.*to=/);
  const length = Date.parse(parameter(page, "to") ?? "") - Date.parse(parameter(page, "from") ?? "");
  expect(length / MINUTE_MS).toBeGreaterThan(10);
  expect(length / MINUTE_MS).toBeLessThan(20);

  const place = await placeAt(page, 0.5);
  await page.mouse.click(place.x, place.y);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button")).toHaveText([/^checkout/, /^search/, "All lines", "Zoom in"]);
  await dialog.getByRole("button", { name: "search" }).click();
  await expect(page.getByRole("tab", { name: "Lines" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByText(/^1 to [12] of [12]$/)).toBeVisible();
  expect(parameter(page, "q")).toBe("service:search | stats count() by (service, time(1m))");
  await page.getByRole("tab", { name: "Chart" }).click();
  await expect(chart(page)).toHaveAccessibleName(/1 series$/);
});

test("given the keyboard, then it goes along the steps of the chart, Enter leads to the lines of one, and Escape back", async ({
  page,
}) => {
  await open(page, "| timeseries count() by (service)");
  await page.getByRole("application").focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".recharts-tooltip-wrapper")).toContainText("checkout");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("button").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("application")).toBeFocused();
});

test("given groups, then they are a top list, whose rows lead to their lines, or figures, in the dark and on a phone too", async ({
  browser,
}) => {
  for (const options of [{}, { colorScheme: "dark", viewport: { width: 390, height: 844 } }] as const) {
    const page = await (await browser.newContext(options)).newPage();
    await open(page, "| stats max(duration_ms) by (http.route)", { view: "chart" });
    const list = page.getByRole("figure", { name: "max(duration_ms), the greatest first" });
    await expect(list.getByRole("listitem")).toHaveText([/^\/r0\s*2 s$/, /^\/r1\s*2 s$/, /^\/r2\s*2 s$/]);
    await page.getByText("Figure", { exact: true }).click();
    await expect(page.getByRole("definition")).toHaveText(["2 s", "2 s", "2 s"]);
    await page.getByText("Top list", { exact: true }).click();
    await list.getByRole("button", { name: "/r1" }).click();
    await expect(page.getByText(/ of 60$/)).toBeVisible();
    expect(parameter(page, "q")).toBe('http.route:"/r1" | stats max(duration_ms) by (http.route)');
    await page.context().close();
  }
});

test("given what is drawn, then it is downloaded as a picture", async ({ page }) => {
  await open(page, "| timeseries count() by (service)");
  await expect(chart(page)).toBeVisible();
  await page.getByRole("button", { name: "Download" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "PNG" }).click();
  const picture = readFileSync(await (await download).path());
  expect(picture.subarray(1, 4).toString()).toBe("PNG");
  // Twice the pixels of the page, in the header of the file.
  expect(picture.readUInt32BE(16)).toBeGreaterThan(1_200);
  expect(picture.length).toBeGreaterThan(10_000);
});

test("given a view that is saved, then it is drawn again as it was", async ({ page }) => {
  await open(page, "| timeseries avg(duration_ms) by (service)", { kind: "area", unit: "us", log: "true" });
  await expect(chart(page)).toHaveAccessibleName(/2 areas$/);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Save this view" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("typical duration");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await open(page, "");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "typical duration" }).click();
  await expect(chart(page)).toHaveAccessibleName("avg(duration_ms) over time, 2 areas");
  await expect(page.getByRole("combobox", { name: "Unit" })).toHaveValue("microseconds");
  await expect(page.getByLabel("Logarithmic")).toBeChecked();
});

test("given a phone, then the first line begins within 200 pixels of the controls, and the rest of them is behind a button", async ({
  browser,
}) => {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  await open(page, "level:error");
  const list = page.getByRole("list", { name: "Entries" });
  await expect(list.getByRole("listitem")).toHaveCount(10);
  const [query, first] = [
    await page.getByRole("textbox", { name: "Query" }).boundingBox(),
    await list.getByRole("listitem").first().boundingBox(),
  ];
  expect((first?.y ?? 0) - (query?.y ?? 0)).toBeLessThan(180);
  await expect(page.getByRole("button", { name: "Values 1 asked for" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Columns" })).toBeHidden();
  await page.getByRole("button", { name: "More" }).click();
  await expect(page.getByRole("button", { name: "Columns" })).toBeVisible();
  await expect(page.getByRole("link", { name: "The query language" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await page.context().close();
});

test("given the form, then it writes the query, and shows the one that was typed as far as it can", async ({
  page,
}) => {
  await open(page, "service:checkout", { view: "chart" });
  await page.getByRole("combobox", { name: "Measure" }).click();
  await page.getByRole("option", { name: "95th percentile" }).click();
  // Until there is a field, nothing is asked.
  expect(parameter(page, "q")).toBe("service:checkout");
  const of = page.getByRole("combobox", { name: "Of" });
  await of.fill("duration_ms");
  await of.press("Enter");
  await expect(page).toHaveURL(
    ({ searchParams }) => searchParams.get("q") === "service:checkout | timeseries p95(duration_ms) by (level)",
  );
  await page.getByRole("combobox", { name: "Over" }).click();
  await page.getByRole("option", { name: "the whole time" }).click();
  await expect(page).toHaveURL(
    ({ searchParams }) => searchParams.get("q") === "service:checkout | stats p95(duration_ms) by (level)",
  );
  await expect(page.getByRole("figure").getByRole("listitem")).toHaveText([/^info/, /^error10 ms$/]);

  const query = page.getByRole("textbox", { name: "Query" });
  await query.fill("| stats max(duration_ms) as slowest by (http.route, time(5m))");
  await query.press("Enter");
  await expect(page.getByRole("combobox", { name: "Measure" })).toHaveValue("greatest");
  await expect(page.getByRole("combobox", { name: "Over" })).toHaveValue("steps of 5m");
  await query.fill("| stats count() if (level:error) by (service)");
  await query.press("Enter");
  await expect(page.getByText("The query says more than the form can show.")).toBeVisible();
  await page.getByRole("button", { name: "Begin anew with the form" }).click();
  await expect(page).toHaveURL(({ searchParams }) => searchParams.get("q") === "| timeseries count() by (level)");
});

test("given what was found, then its patterns are told with counts, shares and courses, and lead to their lines, on a phone too", async ({
  browser,
}) => {
  for (const options of [{}, { colorScheme: "dark", viewport: { width: 390, height: 844 } }] as const) {
    const page = await (await browser.newContext(options)).newPage();
    await open(page, "");
    await page.getByRole("tab", { name: "Patterns" }).click();
    const rows = page.getByRole("table", { name: "Patterns" }).getByRole("row");
    await expect(rows).toHaveText([
      /^Count.*Share.*Pattern.*Trend.*Level/,
      /^170\s*94\.4%\s*request <num> served.*rising.*info/,
      /^10\s*5\.6%\s*payment <num> declined.*payment 27 declined.*error/,
    ]);
    await expect(page.getByText("2 patterns of 180 entries")).toBeVisible();
    await page.getByRole("button", { name: "payment <num> declined" }).click();
    await expect(page.getByRole("tab", { name: "Lines" })).toHaveAttribute("aria-selected", "true");
    await expect(page.getByRole("list", { name: "Entries" }).getByRole("listitem")).toHaveCount(10);
    expect(parameter(page, "q")).toMatch(/^pattern:-?\d+$|^pattern:"-\d+"$/);
    await page.context().close();
  }
});

test("given a page of patterns beyond the last one, then the last is shown, and another time begins at the first page", async ({
  page,
}) => {
  await open(page, "", { view: "patterns", page: "4" });
  const rows = page.getByRole("table", { name: "Patterns" }).getByRole("row");
  await expect(rows).toHaveCount(3);
  await expect(page).toHaveURL(({ searchParams }) => searchParams.get("page") === null);

  const letters = "ghijklmnop".split("");
  const words = letters.flatMap((first) => letters.slice(0, 6).map((second) => `${first}${second}${first}`));
  const entries = words.map((word) => ({ service: "paged", level: "info", message: `only ${word} happened` }));
  expect((await server.send(JSON.stringify(entries))).status).toBe(201);
  await open(page, "service:paged", { view: "patterns" });
  await page.getByRole("button", { name: "page 3" }).click();
  await expect(rows).toHaveCount(11);
  await page.getByRole("button", { name: "Last hour" }).click();
  await page.getByRole("button", { name: "Last 15 minutes" }).click();
  await expect(rows).toHaveCount(26);
  await expect(page).toHaveURL(({ searchParams }) => searchParams.get("page") === null);
});
