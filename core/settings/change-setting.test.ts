import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { settings } from "@/db/schema";
import { changeRetention } from "./change-retention";
import { changeSetting } from "./change-setting";
import { getHealth } from "./get-health";
import { getMasking } from "./get-masking";
import { healthSchema, maskingSchema, maskingUpdateSchema, retentionChangeSchema, retentionSchema } from "./schemas";

const START = "2026-03-10T12:00:00.000Z";
const context = testDatabase(START);
const later = (seconds: number) => context.clock.set(new Date(Date.parse(START) + seconds * 1000).toISOString());
const changed = (name: string) =>
  expect.objectContaining({
    kind: "conflict",
    message: expect.stringContaining(`the settings of ${name} changed meanwhile`),
  });

describe("a setting that two change", () => {
  test("given what nobody had changed, when two change it from that, then the second is refused, and the first stays", async () => {
    expect((await getMasking(context)).updated_at).toBeNull();
    const first = await changeSetting(context, "masking", maskingSchema.parse({ emails: true }), null);
    expect(first).toBe(START);
    later(1);
    const second = changeSetting(context, "masking", maskingSchema.parse({ cards: true }), null);
    await expect(second).rejects.toEqual(changed("masking"));
    const { settings: stored, updated_at } = await getMasking(context);
    expect([stored.emails, stored.cards, updated_at]).toEqual([true, false, START]);
  });

  test("given a page from before, when it is saved again, then it is refused until it is made from what is there", async () => {
    later(10);
    const before = await changeSetting(context, "health", healthSchema.parse({ least_entries: 1 }));
    later(11);
    const now = await changeSetting(context, "health", healthSchema.parse({ least_entries: 2 }), new Date(before));
    later(12);
    const old = changeSetting(context, "health", healthSchema.parse({ least_entries: 1 }), new Date(before));
    await expect(old).rejects.toEqual(changed("health"));
    expect(await getHealth(context)).toMatchObject({ least_entries: 2, updated_at: now });
    await changeSetting(context, "health", healthSchema.parse({ least_entries: 3 }), new Date(now));
    expect((await getHealth(context)).least_entries).toBe(3);
  });

  test("given two that change different parts of what nobody had changed, at the same time, then both are kept", async () => {
    const changes = [{ days: 12 }, { counts_days: 400 }].map((change) => retentionChangeSchema.parse(change));
    for (let round = 0; round < 5; round++) {
      await context.db.delete(settings).where(eq(settings.name, "retention"));
      await Promise.all(
        changes.map((change) => context.db.transaction((db) => changeRetention({ ...context, db }, change))),
      );
      const [row] = await context.db.select().from(settings).where(eq(settings.name, "retention"));
      expect(row?.value).toMatchObject({ days: 12, counts_days: 400 });
    }
  });

  test("given two at the same time, then one gets it", async () => {
    later(20);
    const from = new Date(await changeSetting(context, "retention", retentionSchema.parse({ days: 20 })));
    later(21);
    const both = await Promise.allSettled(
      [7, 8].map((days) => context.db.transaction((db) => changeRetention({ ...context, db }, { days }, from))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("given no word of what it was made from, then whatever is there is changed; and it must be a time", async () => {
    later(30);
    await changeSetting(context, "masking", maskingSchema.parse({ tokens: true }));
    expect((await getMasking(context)).settings.tokens).toBe(true);
    const [problem] = maskingUpdateSchema.safeParse({ updated_at: "yesterday" }).error?.issues ?? [];
    expect(problem).toMatchObject({
      path: ["updated_at"],
      message: "must be the updated_at of what the change was made from",
    });
  });
});
