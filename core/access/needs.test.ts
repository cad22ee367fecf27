import { expect, test } from "vitest";
import { may, type Need, requireNeed } from "./needs";
import type { Principal } from "./principal";
import type { KeyScope, Role } from "./roles";

const user = (role: Role): Principal => ({
  kind: "user",
  id: "u",
  name: "U",
  email: "u@example.com",
  role,
  sessionId: "s",
});
const key = (...scopes: KeyScope[]): Principal => ({ kind: "key", id: "k", name: "K", scopes, services: null });

const PRINCIPALS = {
  local: { kind: "local" },
  viewer: user("viewer"),
  editor: user("editor"),
  admin: user("admin"),
  ingest: key("ingest"),
  read: key("read"),
  alerts: key("alerts"),
  none: key(),
} satisfies Record<string, Principal>;

/** Worked out by hand from what roles and scopes are for. */
const TABLE: [Need, (keyof typeof PRINCIPALS)[]][] = [
  ["always", ["local", "viewer", "editor", "admin", "ingest", "read", "alerts", "none"]],
  ["nothing", ["local", "viewer", "editor", "admin", "ingest", "read", "alerts", "none"]],
  ["ingest", ["local", "editor", "admin", "ingest"]],
  ["read", ["local", "viewer", "editor", "admin", "read"]],
  ["read alerts", ["local", "viewer", "editor", "admin", "read", "alerts"]],
  ["change alerts", ["local", "editor", "admin", "alerts"]],
  ["edit", ["local", "editor", "admin"]],
  ["account", ["viewer", "editor", "admin"]],
  ["administer", ["local", "admin"]],
];

test.each(TABLE)("given something that needs %s, then exactly those who may have it do", (need, allowed) => {
  const names = Object.entries(PRINCIPALS).filter(([, principal]) => may(principal, need));

  expect(names.map(([name]) => name)).toEqual(allowed);
});

test("given nobody that is known, then what needs something is refused as unauthorised, not as forbidden", () => {
  expect(() => requireNeed(null, "read")).toThrowError(expect.objectContaining({ kind: "unauthorised" }));
  expect(() => requireNeed(null, "nothing")).not.toThrow();
});

test("given too little, then the refusal says what is missing", () => {
  expect(() => requireNeed(user("viewer"), "administer")).toThrow("this needs the role admin; yours is viewer");
  expect(() => requireNeed(key("ingest"), "read")).toThrow("this needs a key with the scope read; this one has ingest");
  expect(() => requireNeed(key("read", "alerts"), "edit")).toThrow("no API key can do this: sign in");
});
