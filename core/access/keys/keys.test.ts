import { eq, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { keyInputSchema } from "@/core/access/schemas";
import { LIMITS } from "@/core/limits";
import { FIRST_PAGE } from "@/core/page";
import { testDatabase } from "@/core/testing/test-database";
import { apiKeys } from "@/db/schema";
import { createKey } from "./create-key";
import { keyOf } from "./key-of";
import { KeyStore } from "./key-store";
import { hashOf, newKeyText } from "./key-text";
import { listKeys } from "./list-keys";
import { revokeKey } from "./revoke-key";

const context = testDatabase("2026-01-01T12:00:00Z");

const create = (input: object = {}) =>
  createKey(context, keyInputSchema.parse({ name: "shipper", scopes: ["ingest"], ...input }), "admin@example.com");

const at = (time: string) => context.clock.set(`2026-01-01T${time}Z`);

describe("a key", () => {
  test("given a new one, then it is found by itself and stored only as a hash", async () => {
    at("12:00:00");
    const made = await create({ services: ["shop"], scopes: ["ingest", "read", "ingest"] });

    expect(made.key).toMatch(/^cw_[\w-]{43}$/);
    expect(await new KeyStore(context, null).find(hashOf(made.key))).toEqual({
      kind: "key",
      id: made.id,
      name: "shipper",
      scopes: ["ingest", "read"],
      services: ["shop"],
    });
    expect(JSON.stringify(await context.db.select().from(apiKeys))).not.toContain(made.key);
    expect(JSON.stringify(await listKeys(context, FIRST_PAGE))).not.toContain(made.key);
  });

  test("given one that is not there, or almost is, then it is not found", async () => {
    const { key } = await create();
    const store = new KeyStore(context, null);

    expect(await store.find(hashOf("cw_unknown"))).toBeNull();
    expect(await store.find(hashOf(key.slice(0, -1)))).toBeNull();
    expect(await store.find(hashOf(key.toLowerCase()))).toBeNull();
  });

  test("given one that is revoked, then every instance that knows it refuses it within five seconds", async () => {
    at("13:00:00");
    const { id, key } = await create();
    const instances = [new KeyStore(context, null), new KeyStore(context, null)];
    for (const store of instances) expect(await store.find(hashOf(key))).not.toBeNull();

    await revokeKey(context, id);
    at("13:00:05");

    for (const store of instances) expect(await store.find(hashOf(key))).toBeNull();
    await expect(revokeKey(context, id)).rejects.toMatchObject({ kind: "conflict" });
  });

  test("given one that expires, then it ends at that moment, whatever is remembered of it", async () => {
    at("14:00:00");
    const { key } = await create({ expires_at: "2026-01-01T14:00:01Z" });
    const store = new KeyStore(context, null);
    expect(await store.find(hashOf(key))).not.toBeNull();

    context.clock.set("2026-01-01T14:00:01.000Z");

    expect(await store.find(hashOf(key))).toBeNull();
    expect(await new KeyStore(context, null).find(hashOf(key))).toBeNull();
    await expect(create({ expires_at: "2026-01-01T13:59:59Z" })).rejects.toMatchObject({ kind: "invalid" });
  });

  test("given one in use, then the database is asked once in a while, and knows the last use to the minute", async () => {
    at("15:00:00");
    const { id, key } = await create();
    let queries = 0;
    const counted = new Proxy(context.db, {
      get(db, name) {
        if (name === "select") queries++;
        return Reflect.get(db, name);
      },
    });
    const store = new KeyStore({ db: counted, clock: context.clock }, null);
    const lastUse = async () => (await context.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0]?.lastUsedAt;

    for (let count = 0; count < 100; count++) await store.find(hashOf(key));
    expect(queries).toBe(1);
    expect(await lastUse()).toEqual(new Date("2026-01-01T15:00:00Z"));

    at("15:00:30");
    await store.find(hashOf(key));
    expect(queries).toBe(2);
    expect(await lastUse()).toEqual(new Date("2026-01-01T15:00:00Z"));

    at("15:01:01");
    await store.find(hashOf(key));
    expect(await lastUse()).toEqual(new Date("2026-01-01T15:01:01Z"));
  });

  test("given that the database fails, then that is told, and the next request asks again", async () => {
    at("16:00:00");
    const { key } = await create();
    let isBroken = true;
    const flaky = new Proxy(context.db, {
      get(db, name) {
        if (isBroken && name === "select") throw new Error("connection lost");
        return Reflect.get(db, name);
      },
    });
    const store = new KeyStore({ db: flaky, clock: context.clock }, null);
    await expect(store.find(hashOf(key))).rejects.toThrow("connection lost");

    isBroken = false;

    expect(await store.find(hashOf(key))).not.toBeNull();
  });

  test("given CORDWOOD_API_KEY, then it is known without a row", async () => {
    const store = new KeyStore(context, { key: "a-key-of-the-environment", scopes: ["ingest"] });

    expect(await store.find(hashOf("a-key-of-the-environment"))).toMatchObject({
      id: "environment",
      scopes: ["ingest"],
    });
  });

  test("given as many that hold as there may be, then no more are made until one is over", async () => {
    await context.db.execute(sql`
      insert into logs.api_keys (id, name, key_hash, start, scopes, created_by, created_at, expires_at)
      select gen_random_uuid(), 'one of many', 'hash ' || number, 'cw_', '{read}', 'a test', ${context.clock.now()}, ${context.clock.now()}::timestamptz + interval '1 day'
      from generate_series(1, ${LIMITS.apiKeys}::int) as number`);

    await expect(create()).rejects.toMatchObject({ kind: "conflict" });
    await context.db.execute(sql`update logs.api_keys set revoked_at = now() where name = 'one of many'`);
    await create();
  });
});

describe("the key of a request", () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

  test.each([
    [{ authorization: "Bearer cw_abc" }, "cw_abc"],
    [{ authorization: "bearer   cw_abc " }, "cw_abc"],
    [{ "x-api-key": " cw_abc " }, "cw_abc"],
    [{ authorization: basic("anybody:cw_abc") }, "cw_abc"],
    [{ authorization: basic(":cw_abc") }, "cw_abc"],
    [{ authorization: basic("anybody:cw:abc") }, "cw:abc"],
    [{ authorization: "Bearer cw_abc", "x-api-key": "cw_other" }, "cw_abc"],
    [{ authorization: "Digest whatever" }, null],
    [{ authorization: "Bearer" }, null],
    [{ "x-api-key": "" }, null],
    [{ authorization: "Splunk cw_abc" }, "cw_abc"],
    [{ "dd-api-key": "cw_abc" }, "cw_abc"],
    [{ "x-seq-apikey": "cw_abc" }, "cw_abc"],
    [{ "x-seq-apikey": "null" }, null],
    [{ authorization: "Splunk none" }, null],
    [{ authorization: "Bearer none" }, null],
    [{ authorization: `Basic ${Buffer.from("cordwood:none").toString("base64")}` }, null],
    [{ authorization: `ApiKey ${Buffer.from("cordwood:none").toString("base64")}` }, null],
    [{ "dd-api-key": "none" }, null],
    [{ "dd-api-key": "none", "x-seq-apikey": "k" }, "k"],
    [{}, null],
  ])("given the headers %j, then it is %j", (headers, expected) => {
    expect(keyOf(new Headers(Object.entries(headers)))).toBe(expected);
  });

  test("given any key of ours as Elasticsearch's ApiKey, by itself or with an id before it, then it is that key", () => {
    for (let i = 0; i < 1_000; i++) {
      const key = newKeyText();
      const pair = Buffer.from(`some-id:${key}`).toString("base64");
      for (const sent of [key, pair, pair.replace(/=+$/, "")]) {
        expect(keyOf(new Headers({ authorization: `ApiKey ${sent}` }))).toBe(key);
      }
    }
  });

  test("given a key of one's own choice as Elasticsearch's ApiKey, then it is that key", () => {
    for (const key of ["a-plain-one", "with:colon-of-its-own", "c2VjcmV0"]) {
      expect(keyOf(new Headers({ authorization: `ApiKey ${key}` }))).toBe(key);
    }
  });
});
