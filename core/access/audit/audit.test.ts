import { expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { auditEvents } from "@/db/schema";
import { exportAudit } from "./export-audit";
import { listAudit } from "./list-audit";
import { recordAudit } from "./record-audit";

const context = testDatabase("2026-01-01T12:00:00Z");
const ADMIN = {
  kind: "user" as const,
  id: "1",
  name: "Admin",
  email: "admin@example.com",
  role: "admin" as const,
  sessionId: "s",
};
const KEY = { kind: "key" as const, id: "2", name: "deploys", scopes: ["alerts" as const], services: null };

test("given what was done, then it is listed newest first, with who, where and to what", async () => {
  await recordAudit(context, ADMIN, "192.0.2.1", {
    action: "key.create",
    target: "deploys",
    detail: { scopes: ["alerts"] },
  });
  context.clock.set("2026-01-01T12:01:00Z");
  await recordAudit(context, KEY, "192.0.2.2", { action: "silence.create", target: "50%_off" });
  await recordAudit(context, null, "192.0.2.3", { action: "session.sign_in_failed", target: "stranger@example.com" });

  const { events, next } = await listAudit(context, { limit: 10 });

  expect(next).toBeNull();
  expect(events.map(({ id: _id, ...event }) => event)).toEqual([
    {
      at: "2026-01-01T12:01:00.000Z",
      actor_kind: "nobody",
      actor: "nobody",
      action: "session.sign_in_failed",
      target: "stranger@example.com",
      detail: null,
      address: "192.0.2.3",
    },
    {
      at: "2026-01-01T12:01:00.000Z",
      actor_kind: "key",
      actor: "deploys",
      action: "silence.create",
      target: "50%_off",
      detail: null,
      address: "192.0.2.2",
    },
    {
      at: "2026-01-01T12:00:00.000Z",
      actor_kind: "user",
      actor: "admin@example.com",
      action: "key.create",
      target: "deploys",
      detail: { scopes: ["alerts"] },
      address: "192.0.2.1",
    },
  ]);
});

test("given filters, then they select, and wildcards are plain characters", async () => {
  const targets = async (query: object) =>
    (await listAudit(context, { limit: 10, ...query })).events.map(({ target }) => target);

  expect(await targets({ action: "key.create" })).toEqual(["deploys"]);
  expect(await targets({ text: "DEPLOYS" })).toEqual(["50%_off", "deploys"]);
  expect(await targets({ text: "%_" })).toEqual(["50%_off"]);
  expect(await targets({ text: "e%e" })).toEqual([]);
  expect(await targets({ to: new Date("2026-01-01T12:01:00Z") })).toEqual(["deploys"]);
  expect(await targets({ from: new Date("2026-01-01T12:01:00Z") })).toEqual(["stranger@example.com", "50%_off"]);
});

test("given more than a page, then pages follow each other, and the export has all", async () => {
  const first = await listAudit(context, { limit: 2 });
  const second = await listAudit(context, { limit: 2, before: first.next ?? 0 });
  let exported = "";
  for await (const piece of exportAudit(context, {})) exported += piece;

  const lines = exported
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(second.next).toBeNull();
  expect(lines).toEqual([...first.events, ...second.events]);
  expect(lines).toHaveLength(3);
});

test("given what is written, then the database refuses to change or remove it", async () => {
  const refused = expect.objectContaining({
    cause: expect.objectContaining({ message: "audit events can only be added" }),
  });

  await expect(context.db.update(auditEvents).set({ actorName: "nobody" })).rejects.toEqual(refused);
  await expect(context.db.delete(auditEvents)).rejects.toEqual(refused);
  await expect(context.db.execute("truncate logs.audit_events")).rejects.toEqual(refused);
});
