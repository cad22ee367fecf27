import { expect, test } from "vitest";

/** All that has a URL, by the names that Next.js gives meaning to. */
const routes = import.meta.glob<Record<string, unknown>>("./**/route.ts");
const pages = import.meta.glob<Record<string, unknown>>("./**/page.tsx");

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const needOf = (handler: unknown): unknown =>
  typeof handler === "function" && "need" in handler ? handler.need : undefined;

test("given every route, then each of its methods names what it needs", async () => {
  const silent: string[] = [];
  for (const [file, load] of Object.entries(routes)) {
    const module = await load();
    const methods = METHODS.filter((method) => method in module);
    expect(methods, file).not.toEqual([]);
    for (const method of methods) if (typeof needOf(module[method]) !== "string") silent.push(`${method} ${file}`);
  }
  expect(silent).toEqual([]);
  expect(Object.keys(routes).length).toBeGreaterThan(50);
});

test("given every page, then it names what its viewer needs", async () => {
  const silent: string[] = [];
  for (const [file, load] of Object.entries(pages)) {
    if (typeof needOf((await load()).default) !== "string") silent.push(file);
  }
  expect(silent).toEqual([]);
  expect(Object.keys(pages).length).toBeGreaterThan(15);
});
