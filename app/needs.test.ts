import { expect, test } from "vitest";
import { ADDRESSES } from "@/app/door/addresses";
import { ROUTES, SHIPPERS } from "@/e2e/routes";

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

test("given every address that is answered before Next.js, then it needs what the tables say, and they have no other", () => {
  const written = (rows: readonly (readonly [method: string, path: string, need: string])[]) =>
    rows.map((row) => row.join(" ")).toSorted();
  const asked = ADDRESSES.map(({ method, path, need }) => [method, path, need] as const);
  const ofBuild = ROUTES.filter(([method, path]) =>
    asked.some((address) => address[0] === method && address[1] === path),
  );
  const known = [...ofBuild, ...SHIPPERS].map(([method, path, need]) => [method, path, need] as const);

  expect(written(asked)).toEqual(written(known));
});
