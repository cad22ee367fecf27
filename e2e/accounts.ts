import { expect } from "@playwright/test";
import { z } from "zod";
import { ask, cookieOf } from "./ask";
import type { TestServer } from "./server";

export const PASSWORD = "correct horse battery";

export const ADMIN = { email: "admin@example.com", password: PASSWORD };

/** With which a server starts that has an account. */
export const WITH_ADMIN = {
  CORDWOOD_ADMIN_EMAIL: ADMIN.email,
  CORDWOOD_ADMIN_PASSWORD: ADMIN.password,
  // So that each request of a test can come from an address of its own.
  CORDWOOD_TRUSTED_PROXIES: "127.0.0.1",
};

const JSON_HEADERS = { "content-type": "application/json" };

let addresses = 0;

/** Another address each time, so that what is limited by address is not in the way. */
export const fromSomewhere = () => ({
  "x-forwarded-for": `203.0.${Math.floor(++addresses / 250) % 250}.${addresses % 250}`,
});

export async function post(server: TestServer, path: string, body: unknown, headers: Record<string, string> = {}) {
  return ask(server.url, path, {
    method: "POST",
    headers: { ...JSON_HEADERS, ...fromSomewhere(), ...headers },
    body: JSON.stringify(body),
  });
}

/** @returns the Cookie header of the session */
export async function signIn(server: TestServer, email: string, password = PASSWORD): Promise<string> {
  const answer = await post(server, "/api/access/sign-in", { email, password });
  expect(answer.status, answer.body).toBe(200);
  return cookieOf(answer);
}

/** Invites somebody and joins as them. @returns the Cookie header of their session */
export async function addUser(server: TestServer, admin: string, email: string, role: string): Promise<string> {
  const invited = await post(server, "/api/access/invitations", { email, role }, { cookie: admin });
  const { data } = z.object({ data: z.object({ link: z.string() }) }).parse(JSON.parse(invited.body));
  const token = data.link.split("#")[1];
  const joined = await post(server, "/api/access/join", { token, name: email.split("@")[0], password: PASSWORD });
  expect(joined.status, joined.body).toBe(201);
  return cookieOf(joined);
}

/** Makes an API key. */
export async function addKey(server: TestServer, admin: string, input: object): Promise<{ id: string; key: string }> {
  const made = await post(server, "/api/access/keys", { name: "a test's", ...input }, { cookie: admin });
  expect(made.status, made.body).toBe(201);
  return z.object({ data: z.object({ id: z.string(), key: z.string() }) }).parse(JSON.parse(made.body)).data;
}
