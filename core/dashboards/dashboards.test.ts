import { describe, expect, test } from "vitest";
import { audited } from "@/core/access/audit/audited";
import { DeliveryQueue } from "@/core/alerts/delivery/outbox";
import { LIMITS } from "@/core/limits";
import { testDatabase } from "@/core/testing/test-database";
import { auditEvents } from "@/db/schema";
import { addPanel } from "./add-panel";
import { copyDashboard } from "./copy-dashboard";
import { createDashboard } from "./create-dashboard";
import { panelContentSchema } from "./definition";
import { exportDashboard } from "./export-dashboard";
import { getDashboard } from "./get-dashboard";
import { listDashboards } from "./list-dashboards";
import { removeDashboard } from "./remove-dashboard";
import { dashboardChangeSchema, dashboardInputSchema } from "./schemas";
import { updateDashboard } from "./update-dashboard";

const context = testDatabase("2026-03-10T12:00:00Z");

const panel = (more: Record<string, unknown> = {}) => ({
  id: "a",
  kind: "query",
  query: "service:$service | stats count() by (time)",
  x: 0,
  y: 0,
  width: 6,
  height: 8,
  ...more,
});
const input = (name: string, panels: unknown[] = [panel()], more: Record<string, unknown> = {}) =>
  dashboardInputSchema.parse({
    name,
    definition: { version: 1, variables: [{ name: "service", field: "service" }], panels },
    ...more,
  });
const all = { search: "", sort: "name", limit: 50, offset: 0 } as const;
const namesOf = async (asked: Partial<Parameters<typeof listDashboards>[1]> = {}) =>
  (await listDashboards(context, { ...all, ...asked })).dashboards.map(({ name }) => name);

describe("dashboards", () => {
  test("given some, when they are listed, then they are found by name and description, in pages with their total", async () => {
    await createDashboard(context, input("Shop"));
    context.clock.set("2026-03-10T12:01:00Z");
    await createDashboard(context, input("errors 100%", [], { description: "of the shop" }));
    context.clock.set("2026-03-10T12:02:00Z");
    await createDashboard(context, input("another"));
    expect(await namesOf()).toEqual(["another", "errors 100%", "Shop"]);
    expect(await namesOf({ sort: "updated" })).toEqual(["another", "errors 100%", "Shop"]);
    expect(await namesOf({ search: "SHOP" })).toEqual(["errors 100%", "Shop"]);
    expect(await namesOf({ search: "0%" })).toEqual(["errors 100%"]);
    expect(await namesOf({ search: "_" })).toEqual([]);
    expect(await listDashboards(context, { ...all, limit: 1, offset: 1 })).toMatchObject({
      total: 3,
      dashboards: [{ name: "errors 100%", description: "of the shop", panels: 0, revision: 1 }],
    });
  });

  test("given one, when it is changed, copied and removed, then it is what was said last, and the copy is another one", async () => {
    const made = await createDashboard(context, input("mine"));
    context.clock.set("2026-03-10T13:00:00Z");
    const panels = [panel(), panel({ id: "b", kind: "text", query: undefined, text: "# Hello", x: 6 })].map((one) =>
      Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)),
    );
    const changed = await updateDashboard(context, made.id, { ...input("mine too", panels), revision: 1 });
    expect(changed).toMatchObject({
      id: made.id,
      name: "mine too",
      revision: 2,
      updated_at: "2026-03-10T13:00:00.000Z",
    });
    expect(await getDashboard(context, made.id)).toEqual(changed);
    const copy = await copyDashboard(context, made.id);
    expect(copy).toMatchObject({ name: "mine too (copy)", revision: 1, definition: changed.definition });
    await removeDashboard(context, made.id);
    await expect(getDashboard(context, made.id)).rejects.toMatchObject({ kind: "not_found" });
    expect(await getDashboard(context, copy.id)).toEqual(copy);
  });

  test("given two who change the same at once, then one is told that the other was first, and nothing is lost", async () => {
    const { id } = await createDashboard(context, input("both"));
    const answers = await Promise.allSettled(
      ["one", "other"].map((name) => updateDashboard(context, id, { ...input(name), revision: 1 })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const refused = answers.find(({ status }) => status === "rejected");
    expect(refused).toMatchObject({ reason: { kind: "conflict", message: expect.stringContaining("at revision 2") } });
    const { name, revision } = await getDashboard(context, id);
    const won = answers.findIndex(({ status }) => status === "fulfilled");
    expect({ name, revision }).toEqual({ name: ["one", "other"][won], revision: 2 });
  });

  test("given panels that are added at once from elsewhere, then all are there, below one another", async () => {
    const { id } = await createDashboard(context, input("grows"));
    const add = (title: string) =>
      context.db.transaction((db) =>
        addPanel({ ...context, db }, id, panelContentSchema.parse({ kind: "lines", query: "boom", title })),
      );
    await Promise.all(["one", "two", "three"].map(add));
    const { definition, revision } = await getDashboard(context, id);
    expect(revision).toBe(4);
    expect(definition.panels.map(({ id, y, height }) => ({ id, y, height }))).toEqual([
      { id: "a", y: 0, height: 8 },
      { id: "2", y: 8, height: 8 },
      { id: "3", y: 16, height: 8 },
      { id: "4", y: 24, height: 8 },
    ]);
    expect(new Set(definition.panels.map(({ title }) => title))).toEqual(new Set(["", "one", "two", "three"]));
  });

  test("given a file of one, when it is sent again, then the same dashboard is made", async () => {
    const made = await createDashboard(context, input("Überblick: Shop / Kasse", [panel()], { description: "d" }));
    const { fileName, text } = exportDashboard(made);
    expect(fileName).toBe("u-berblick-shop-kasse.json");
    const again = await createDashboard(context, dashboardInputSchema.parse(JSON.parse(text)));
    expect({ ...again, id: made.id }).toEqual(made);
    expect(exportDashboard({ ...made, name: "жж" }).fileName).toBe("dashboard.json");
  });

  test("given a change that can't be written down, then it is not made", async () => {
    const asked = { principal: null, address: "127.0.0.1" };
    const given = { ...context, outbox: new DeliveryQueue() };
    const change = async (name: string) =>
      audited(given, asked, async (inside) => {
        const data = await createDashboard(inside, input(name));
        return { data, audit: { action: "dashboard.create", target: name } };
      });
    await change("recorded");
    expect(await context.db.select().from(auditEvents)).toMatchObject([
      { action: "dashboard.create", target: "recorded" },
    ]);
    await context.db.execute("alter table logs.audit_events rename to audit_events_away");
    await expect(change("unrecorded")).rejects.toThrow(/audit_events/);
    await context.db.execute("alter table logs.audit_events_away rename to audit_events");
    expect(await namesOf({ search: "recorded" })).toEqual(["recorded"]);
  });
});

describe("what is refused", () => {
  test("given ids of nothing, then it is told", async () => {
    for (const change of [
      () => getDashboard(context, 999_999),
      () => updateDashboard(context, 999_999, { ...input("x"), revision: 1 }),
      () => copyDashboard(context, 999_999),
      () => removeDashboard(context, 999_999),
    ]) {
      await expect(change()).rejects.toMatchObject({ kind: "not_found" });
    }
  });

  test.each([
    ["(", /the query of panel "P": a \( is not closed|something to search for/],
    ["level:$service | stats count()", null],
    ["x", /a pipe is missing/],
    ["x | stats nothing()", /the query of panel "P"/],
    ["x | stats count() by ($service)", /the variable \$service can only stand as the value of a field/],
    ["$home | stats count()", null],
  ])("given a panel with the query %s, then it is %s", async (query, problem) => {
    const made = createDashboard(context, input("queries", [panel({ query, title: "P" })]));
    if (problem === null) return expect(await made).toMatchObject({ name: "queries" });
    await expect(made).rejects.toMatchObject({ kind: "invalid", message: expect.stringMatching(problem) });
    await expect(made).rejects.toMatchObject({ data: { fields: { "definition.panels.0.query": expect.any(String) } } });
  });

  test("given a list of lines with pipes, then it is told that it has none", async () => {
    const lines = { id: "a", kind: "lines", query: "x | stats count()", x: 0, y: 0, width: 6, height: 8 };
    await expect(createDashboard(context, input("lines", [lines]))).rejects.toThrow(/a panel of lines has none/);
  });

  test("given a revision that no dashboard has, then it is refused by its bounds, and the last one is taken as another one", async () => {
    const change = input("bounds");
    for (const revision of [0, 1.5, 2_147_483_647, 2 ** 40, Number.MAX_VALUE, "1", null]) {
      const { error } = dashboardChangeSchema.safeParse({ ...change, revision });
      expect(error?.issues[0]?.path, String(revision)).toEqual(["revision"]);
    }
    const last = dashboardChangeSchema.parse({ ...change, revision: 2_147_483_646 });
    const { id } = await createDashboard(context, change);
    await expect(updateDashboard(context, id, last)).rejects.toMatchObject({ kind: "conflict" });
  });

  test("given input that is wrong, then the field and the problem are named", () => {
    const good = { version: 1, panels: [], variables: [] };
    for (const [wrong, field] of [
      [{}, "name"],
      [{ name: " ", definition: good }, "name"],
      [{ name: "a\0", definition: good }, "name"],
      [{ name: "x".repeat(LIMITS.dashboardNameCharacters + 1), definition: good }, "name"],
      [{ name: "x" }, "definition"],
      [{ name: "x", definition: { ...good, version: 2 } }, "definition.version"],
      [{ name: "x", definition: { ...good, range: "soon" } }, "definition.range"],
      [{ name: "x", definition: { ...good, colour: "red" } }, "definition"],
      [{ name: "x", definition: { ...good, panels: [panel(), panel()] } }, "definition.panels"],
      [{ name: "x", definition: { ...good, panels: [panel({ x: 7 })] } }, "definition.panels.0.width"],
      [{ name: "x", definition: { ...good, panels: [panel({ y: -1 })] } }, "definition.panels.0.y"],
      [{ name: "x", definition: { ...good, panels: [panel({ kind: "pie" })] } }, "definition.panels.0.kind"],
      [
        { name: "x", definition: { ...good, panels: [panel({ chart: { kind: "pie" } })] } },
        "definition.panels.0.chart.kind",
      ],
      [{ name: "x", definition: { ...good, variables: [{ name: "1", field: "f" }] } }, "definition.variables.0.name"],
      [{ name: "x", definition: { ...good, variables: [{ name: "a" }] } }, "definition.variables.0.field"],
      [
        { name: "x", definition: { ...good, variables: ["a", "A"].map((name) => ({ name, field: "f" })) } },
        "definition.variables",
      ],
    ] as const) {
      const parsed = dashboardInputSchema.safeParse(wrong);
      expect(parsed.error?.issues[0]?.path.join("."), JSON.stringify(wrong)).toBe(field);
    }
  });
});
