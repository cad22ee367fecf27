import { z } from "zod";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start());
test.afterAll(() => server.remove());

const answerSchema = z.object({
  data: z.object({ accepted: z.number(), rejected: z.number(), errors: z.array(z.object({ index: z.number() })) }),
});
const foundSchema = z.object({
  data: z.object({
    entries: z.array(
      z.object({
        id: z.string(),
        level: z.string(),
        message: z.string(),
        tags: z.array(z.string()).nullable(),
        attributes: z.record(z.string(), z.unknown()).nullable(),
      }),
    ),
  }),
});

const send = (query: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/logs?${query}`, { method: "POST", body, headers });

async function entriesOf(service: string) {
  const { body } = await server.get(`/api/logs?service=${service}`);
  return foundSchema.parse(body).data.entries;
}

test("given a sender that says where its fields are, by parameters and by headers, then they are read there", async () => {
  const line = JSON.stringify({ data: { text: "boom" }, sev: "error", pid: 7, note: "kept" });
  const response = await send("service=fields&message_field=data.text&tags=a,b", line, {
    "X-Cordwood-Level-Field": "sev",
    "X-Cordwood-Ignore-Fields": "pid",
  });
  expect(response.status).toBe(201);
  expect(await entriesOf("fields")).toMatchObject([
    { level: "error", message: "boom", tags: ["a", "b"], attributes: { data: { text: "boom" }, note: "kept" } },
  ]);
});

test("given a parameter or a header that there is none of, then the answer is 400 and says what is accepted", async () => {
  for (const [query, header] of [
    ["servise=a", {}],
    ["", { "X-Cordwood-Servise": "a" }],
  ] as const) {
    const response = await send(query, '{"message":"m"}', header);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/unknown; accepted are/);
  }
});

test("given an old line, when old is now, then it is stored with the time of arrival", async () => {
  const line = '{"message":"m","time":"2001-01-01T00:00:00Z"}';
  expect((await send("service=old", line)).status).toBe(400);
  expect((await send("service=old&old=now", line)).status).toBe(201);
  expect(await entriesOf("old")).toMatchObject([{ attributes: { timestamp_original: "2001-01-01T00:00:00Z" } }]);
});

test("given lines as curl sends them, good and bad, then the good ones are stored and the bad ones told", async () => {
  for (const type of ["application/json", "application/x-www-form-urlencoded", "application/jsonl"]) {
    const response = await send("service=lines", '{"message":"a"}\n{"message"\n{"message":"b"}\n', {
      "Content-Type": type,
    });
    expect(answerSchema.parse(await response.json()).data).toMatchObject({
      accepted: 2,
      rejected: 1,
      errors: [{ index: 1 }],
    });
  }
  expect(await entriesOf("lines")).toHaveLength(6);
});

test("given JSON under no type but the one that fetch gives to a string, then it is JSON", async () => {
  const entry = { service: "fetch", message: "m", a: 1 };
  for (const body of [entry, [entry, entry], { logs: [entry] }]) {
    expect((await send("", JSON.stringify(body, null, 2))).status).toBe(201);
  }
  const entries = await entriesOf("fetch");
  expect(entries.map(({ message, attributes }) => [message, attributes])).toEqual(Array(4).fill(["m", { a: 1 }]));
});

test("given a log file as text, then its lines are entries, with their levels and stack traces", async () => {
  const text = "INFO started\nERROR boom\n\tat x.y.Z\nCaused by: java.io.IOException: gone\n";
  expect((await send("service=text", text, { "Content-Type": "text/plain" })).status).toBe(201);
  const entries = await entriesOf("text");
  expect(entries.map(({ level, message }) => [level, message.split("\n").length]).sort()).toEqual([
    ["error", 3],
    ["info", 1],
  ]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`given a message with colours, then the explorer shows them, in ${colorScheme}, and what is searched has none`, async ({
    browser,
  }) => {
    const service = `colours-${colorScheme}`;
    const message = "\u001b[31mcard \u001b[1mdeclined\u001b[0m <b>for</b> \u001b[38;5;208morder 42\u001b[0m";
    expect((await send(`service=${service}`, JSON.stringify({ message, order: 42 }))).status).toBe(201);
    const [found] = await entriesOf(service);
    expect(found?.message).toBe("card declined <b>for</b> order 42");
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(
      `${server.url}/logs?q=${encodeURIComponent('"card declined"')}+service:${service}&entry=${found?.id}`,
    );
    const opened = page.getByRole("region", { name: "Entry" });
    await expect(opened.getByText("<b>for</b>", { exact: true })).toBeVisible();
    // What is searched for is marked, within the element that has the colour.
    const colour = (text: string) =>
      opened
        .getByText(text, { exact: true })
        .evaluate((element) => getComputedStyle(element.closest("mark")?.parentElement ?? element).color);
    expect(await colour("card")).toBe(colorScheme === "light" ? "rgb(179, 38, 30)" : "rgb(255, 143, 135)");
    expect(await colour("order 42")).toMatch(/^oklab/);
    await expect(opened.getByText("message_ansi")).toHaveCount(0);
    await expect(page.getByRole("list", { name: "Entries" }).getByText("order 42")).toHaveCount(1);
    await context.close();
  });
}
