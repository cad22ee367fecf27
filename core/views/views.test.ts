import { describe, expect, test } from "vitest";
import { FIRST_PAGE } from "@/core/page";
import { testDatabase } from "@/core/testing/test-database";
import { savedViews } from "@/db/schema";
import { createView } from "./create-view";
import { deleteView } from "./delete-view";
import { listViews } from "./list-views";
import { viewInputSchema } from "./schemas";
import { updateView } from "./update-view";

const context = testDatabase("2026-03-10T12:00:00Z");
const allViews = async () => (await listViews(context, FIRST_PAGE)).data;
const view = (name: string, more: Record<string, unknown> = {}) =>
  viewInputSchema.parse({ name, query: "level>=error", range: "1h", ...more });

describe("saved views", () => {
  test("given views, when they are listed, changed and deleted, then the list says what is left, by name", async () => {
    const errors = await createView(context, view("errors", { columns: ["service", "http.status"] }));
    const absolute = { range: null, from: "2026-03-10T10:00:00+01:00", to: "2026-03-10T11:00:00Z" };
    await createView(context, view("Deploy", absolute));
    expect(await allViews()).toMatchObject([
      { name: "Deploy", range: null, from: "2026-03-10T09:00:00.000Z", to: "2026-03-10T11:00:00.000Z", columns: [] },
      { name: "errors", range: "1h", from: null, to: null, columns: ["service", "http.status"] },
    ]);
    context.clock.set("2026-03-10T13:00:00Z");
    expect(await updateView(context, errors.id, view("all errors", { query: "" }))).toMatchObject({
      id: errors.id,
      query: "",
      columns: [],
      created_at: "2026-03-10T12:00:00.000Z",
      updated_at: "2026-03-10T13:00:00.000Z",
    });
    await deleteView(context, errors.id);
    expect((await allViews()).map(({ name }) => name)).toEqual(["Deploy"]);
  });

  test("given how a query is drawn, then the view keeps it, and one that says nothing of it has what suits the query", async () => {
    const chart = { kind: "bars", unit: "ms", log: true, measure: "p95(duration_ms)" };
    const query = "| timeseries p95(duration_ms)";
    const { id } = await createView(context, view("drawn", { query, view: "chart", chart }));
    expect((await allViews()).find((one) => one.id === id)).toMatchObject({ view: "chart", chart });
    expect(await updateView(context, id, view("drawn"))).toMatchObject({
      view: null,
      chart: { kind: null, unit: null, log: false, measure: null },
    });
    await deleteView(context, id);
  });

  test("given a name that is taken, a query that is none or an id of nothing, then it is told and nothing changes", async () => {
    const taken = await createView(context, view("taken"));
    const other = await createView(context, view("other"));
    const before = await allViews();
    await expect(createView(context, view("taken"))).rejects.toMatchObject({ kind: "conflict" });
    await expect(updateView(context, other.id, view("taken"))).rejects.toMatchObject({ kind: "conflict" });
    await expect(createView(context, view("new", { query: "(" }))).rejects.toMatchObject({ kind: "invalid" });
    await expect(updateView(context, taken.id + 100, view("x"))).rejects.toMatchObject({ kind: "not_found" });
    await expect(deleteView(context, taken.id + 100)).rejects.toMatchObject({ kind: "not_found" });
    expect(await allViews()).toEqual(before);
  });

  test("given views of which several hold a name, then the one that is called just so comes first", async () => {
    for (const name of ["a release", "Release", "release", "releases"]) await createView(context, view(name));
    const { data } = await listViews(context, { ...FIRST_PAGE, search: "release", limit: 2 });
    expect(data.map(({ name }) => name)).toEqual(["release", "a release"]);
    await context.db.delete(savedViews);
  });

  test("given input that is wrong, then the field and the problem are named", () => {
    for (const [input, field] of [
      [{}, "name"],
      [{ name: "  " }, "name"],
      [{ name: "a\0" }, "name"],
      [{ name: "x".repeat(101) }, "name"],
      [{ name: "x", range: null }, "range"],
      [{ name: "x", range: "1h", from: "2026-03-10T10:00:00Z", to: "2026-03-10T11:00:00Z" }, "range"],
      [{ name: "x", from: "yesterday", to: "2026-03-10T11:00:00Z" }, "from"],
      [{ name: "x", range: "1h", columns: Array.from({ length: 13 }, () => "a") }, "columns"],
      [{ name: "x", range: "1h", columns: [""] }, "columns.0"],
      [{ name: "x", range: "1h", view: "pie" }, "view"],
      [{ name: "x", range: "1h", chart: { kind: "pie" } }, "chart.kind"],
      [{ name: "x", range: "1h", colour: "red" }, ""],
    ] as const) {
      const parsed = viewInputSchema.safeParse(input);
      expect(parsed.error?.issues[0]?.path.join("."), JSON.stringify(input)).toBe(field);
    }
  });
});
