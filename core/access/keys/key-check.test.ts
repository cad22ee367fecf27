import { expect, test } from "vitest";
import { keyInputSchema } from "@/core/access/schemas";
import { LIMITS } from "@/core/limits";
import { accessOf, SECONDS_OF_A_MINUTE } from "@/core/testing/test-access";
import { testDatabase } from "@/core/testing/test-database";
import { createKey } from "./create-key";

const context = testDatabase("2026-01-01T12:00:00Z");

const keyOf = async () =>
  (await createKey(context, keyInputSchema.parse({ name: "shipper", scopes: ["ingest"] }), "admin@example.com")).key;

/** Access that counts how often keys are looked for in the database. */
function countedAccess() {
  const count = { queries: 0 };
  const db = new Proxy(context.db, {
    get(database, name) {
      if (name === "select") count.queries++;
      return Reflect.get(database, name);
    },
  });
  return { access: accessOf({ ...context, db }, { isOnLoopback: false }), count };
}

async function guess(keys: ReturnType<typeof accessOf>["keys"], address: (index: number) => string) {
  for (let index = 0; index < LIMITS.wrongKeysPerMinute; index++)
    await expect(keys.principalOf(`guess ${index}`, address(index))).rejects.toMatchObject({ kind: "unauthorised" });
  await expect(keys.principalOf("one more", address(0))).rejects.toMatchObject({ kind: "too_busy" });
}

test("given too many wrong keys of an address, then the database is asked for none from there that was not right before", async () => {
  const { access, count } = countedAccess();
  const [known, fresh] = [await keyOf(), await keyOf()];
  await access.keys.principalOf(known, "192.0.2.1");
  await guess(access.keys, () => "192.0.2.1");

  const asked = count.queries;
  for (let index = 0; index < 50; index++)
    await expect(access.keys.principalOf(`further ${index}`, "192.0.2.1")).rejects.toMatchObject({
      kind: "too_busy",
      retryAfterSeconds: expect.toBeOneOf(SECONDS_OF_A_MINUTE),
    });
  await expect(access.keys.principalOf(fresh, "192.0.2.1")).rejects.toMatchObject({ kind: "too_busy" });
  expect(count.queries).toBe(asked);

  // What was remembered of it is read again.
  context.clock.set("2026-01-01T12:00:10Z");
  expect(await access.keys.principalOf(known, "192.0.2.1")).toMatchObject({ kind: "key" });
  expect(await access.keys.principalOf(fresh, "192.0.2.2")).toMatchObject({ kind: "key" });
  context.clock.set("2026-01-01T12:01:10Z");
  expect(await access.keys.principalOf(await keyOf(), "192.0.2.1")).toMatchObject({ kind: "key" });
});

test("given wrong keys of the addresses of one IPv6 network, then all of it is barred, and no other", async () => {
  const { access, count } = countedAccess();
  await guess(access.keys, (index) => `2001:db8:1:2::${index}`);
  const asked = count.queries;
  await expect(access.keys.principalOf("another", "2001:db8:1:2:ffff::1")).rejects.toMatchObject({ kind: "too_busy" });
  expect(count.queries).toBe(asked);
  await expect(access.keys.principalOf("another", "2001:db8:1:3::1")).rejects.toMatchObject({ kind: "unauthorised" });
});

test("given CORDWOOD_API_KEY, then it is let in from an address that is barred", async () => {
  const access = accessOf(context, { environment: { CORDWOOD_API_KEY: "a-key-of-the-environment" } });
  await guess(access.keys, () => "192.0.2.3");
  expect(await access.keys.principalOf("a-key-of-the-environment", "192.0.2.3")).toMatchObject({ id: "environment" });
});
