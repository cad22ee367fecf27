import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { createUser } from "@/core/access/users/create-user";
import { listUsers } from "@/core/access/users/list-users";
import { DeliveryQueue } from "@/core/alerts/delivery/outbox";
import { FIRST_PAGE } from "@/core/page";
import { accessOf } from "@/core/testing/test-access";
import { testDatabase } from "@/core/testing/test-database";
import { createView } from "@/core/views/create-view";
import { listViews } from "@/core/views/list-views";
import { viewInputSchema } from "@/core/views/schemas";
import { audited } from "./audited";
import { listAudit } from "./list-audit";

const context = testDatabase("2026-01-01T12:00:00Z");
const BY = { principal: { kind: "local" as const }, address: "192.0.2.1" };
const VIEW = viewInputSchema.parse({ name: "errors", query: "level>=error", range: "1h" });
const AUDIT = { action: "view.create" as const, target: "errors" };

let requested: string[];
const parts = () => {
  const outbox = new DeliveryQueue();
  outbox.handler = (ids) => requested.push(...ids);
  return { ...context, outbox };
};

beforeEach(async () => {
  requested = [];
  await context.db.execute(sql`truncate logs.saved_views`);
});

const views = async () => (await listViews(context, FIRST_PAGE)).data.map(({ name }) => name);
const recorded = async () => (await listAudit(context, { limit: 100 })).events.map(({ target }) => target);

describe("a change and the record of it", () => {
  test("given that it succeeds, then both are there, and what it queued is asked for after the commit", async () => {
    const before = (await recorded()).length;
    const answer = await audited(parts(), BY, async (inside) => {
      const data = await createView(inside, VIEW);
      inside.outbox.request(["a delivery"]);
      expect(requested).toEqual([]);
      expect(await views()).toEqual([]);
      return { status: 201, data, audit: AUDIT };
    });
    expect(answer).toEqual({ status: 201, data: expect.objectContaining({ name: "errors" }) });
    expect(await views()).toEqual(["errors"]);
    expect((await recorded()).slice(before)).toEqual(["errors"]);
    expect(requested).toEqual(["a delivery"]);
  });

  test("given that the record can't be written, then nothing is changed, and nothing is asked for", async () => {
    await context.db.execute(sql`
      create function refuse() returns trigger language plpgsql as 'begin raise exception ''the log is full''; end'`);
    await context.db.execute(
      sql`create trigger refuse before insert on logs.audit_events for each row execute function refuse()`,
    );
    const before = await recorded();
    const change = audited(parts(), BY, async (inside) => {
      await createView(inside, VIEW);
      inside.outbox.request(["a delivery"]);
      return { audit: AUDIT };
    });
    await expect(change).rejects.toMatchObject({ cause: { message: "the log is full" } });
    await context.db.execute(sql`drop trigger refuse on logs.audit_events`);
    expect(await views()).toEqual([]);
    expect(await recorded()).toEqual(before);
    expect(requested).toEqual([]);
  });

  test("given that the connection is lost between the change and its record, then neither is there", async () => {
    const before = await recorded();
    const change = audited(parts(), BY, async (inside) => {
      await createView(inside, VIEW);
      const { rows } = await inside.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await context.db.execute(sql`select pg_terminate_backend(${rows[0]?.pid}::int)`);
      return { audit: AUDIT };
    });
    await expect(change).rejects.toThrow();
    expect(await views()).toEqual([]);
    expect(await recorded()).toEqual(before);
  });

  test("given that it fails after a part of it, then that is undone, and not recorded", async () => {
    const before = await recorded();
    const change = audited(parts(), BY, async (inside) => {
      await createView(inside, VIEW);
      await createView(inside, VIEW);
      return { audit: AUDIT };
    });
    await expect(change).rejects.toMatchObject({ kind: "conflict" });
    expect(await views()).toEqual([]);
    expect(await recorded()).toEqual(before);
  });

  test("given an account that is made, then that too is of the transaction", async () => {
    const access = accessOf(context);
    const made = audited(parts(), BY, async (inside) => {
      const auth = access.authOn(inside.db);
      await createUser(auth, { name: "A", email: "a@example.com", password: "correct horse", role: "viewer" });
      expect(await listUsers(inside, FIRST_PAGE)).toMatchObject({ total: 1 });
      expect(await listUsers(context, FIRST_PAGE)).toEqual({ total: 0, data: [] });
      throw new Error("something else failed");
    });
    await expect(made).rejects.toThrow("something else failed");
    expect(await listUsers(context, FIRST_PAGE)).toEqual({ total: 0, data: [] });
  });
});
