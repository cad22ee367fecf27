import { expect, test } from "vitest";
import { SERVER_HEADERS } from "@/core/access/server-headers";
import { LIMITS } from "@/core/limits";
import { accessOf } from "@/core/testing/test-access";
import { testDatabase } from "@/core/testing/test-database";
import { viewerWith } from "./viewer";

const context = testDatabase("2026-01-01T12:00:00Z");

const headersOf = (path: string, more: Record<string, string> = {}) =>
  new Headers({ [SERVER_HEADERS.address]: "192.0.2.5", [SERVER_HEADERS.path]: path, ...more });

test("given an address with too many requests and wrong keys, then the page that signs in is there, and no other", async () => {
  const access = accessOf(context, { isOnLoopback: false });
  const guess = headersOf("/sign-in", { authorization: "Bearer wrong" });
  for (let count = 0; count < LIMITS.strangersPerMinute; count++) await viewerWith(access, headersOf("/logs"));
  for (let count = 0; count < LIMITS.wrongKeysPerMinute; count++) await viewerWith(access, guess);

  for (const asked of [guess, headersOf("/sign-in"), headersOf("/sign-in?next=%2Flogs")])
    expect(await viewerWith(access, asked)).toEqual({ mode: "locked", principal: null });
  for (const path of ["/logs", "/sign-in-or-not", "/?/sign-in"])
    await expect(viewerWith(access, headersOf(path))).rejects.toMatchObject({ kind: "too_busy" });
});
