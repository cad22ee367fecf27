import { expect, test } from "vitest";
import { identify } from "@/core/access/identify";
import { SERVER_HEADERS } from "@/core/access/server-headers";
import { LIMITS } from "@/core/limits";
import { accessOf } from "@/core/testing/test-access";
import { testDatabase } from "@/core/testing/test-database";
import { admit } from "./admit";

const context = testDatabase("2026-01-01T12:00:00Z");

test("given wrong keys, tried on routes and on pages, then each is counted once, and nobody at its address is kept from anything else", async () => {
  const access = accessOf(context, { isOnLoopback: false });
  const headers = (key: string) =>
    new Headers({ authorization: `Bearer ${key}`, [SERVER_HEADERS.address]: "192.0.2.4" });
  const ways = [(key: string) => admit(access, headers(key), "read"), (key: string) => identify(access, headers(key))];
  for (let index = 0; index < LIMITS.wrongKeysPerMinute; index++)
    await expect(ways[index % 2]?.(`guess ${index}`)).rejects.toMatchObject({ kind: "unauthorised" });
  for (const way of ways) await expect(way("the last")).rejects.toMatchObject({ kind: "too_busy" });
  for (let count = 0; count < LIMITS.strangersPerMinute; count++)
    await expect(access.limits.takeRequest(null, "192.0.2.4")).resolves.toBeUndefined();
});
