import { describe, expect, it } from "vitest";
import { Turns } from "./turns";

/** Work that is done when it is told to be, and says when it began. */
function work(name: string, begun: string[]) {
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    finish,
    run: () => {
      begun.push(name);
      return done;
    },
  };
}

/** What was settled has been told to all that waited for it. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("turns", () => {
  it("given two at once, when four ask, then the third begins when one of the first is done, and the fourth after it", async () => {
    const turns = new Turns(2);
    const begun: string[] = [];
    const works = ["a", "b", "c", "d"].map((name) => work(name, begun));
    const all = works.map(({ run }) => turns.run(undefined, run));
    await settled();
    expect([begun, turns.waiting]).toEqual([["a", "b"], 2]);
    works[1]?.finish();
    await settled();
    expect([begun, turns.waiting]).toEqual([["a", "b", "c"], 1]);
    works[0]?.finish();
    await settled();
    expect([begun, turns.waiting]).toEqual([["a", "b", "c", "d"], 0]);
    for (const { finish } of works) finish();
    await Promise.all(all);
  });

  it("given one that fails, then it is told why, and the next has its turn", async () => {
    const turns = new Turns(1);
    const failed = turns.run(undefined, () => Promise.reject(new Error("broken")));
    const next = turns.run(undefined, () => Promise.resolve("done"));
    await expect(failed).rejects.toThrow("broken");
    expect(await next).toBe("done");
  });

  it("given one that waits, when it gives up, then it is told at once, does nothing, and those behind it come earlier", async () => {
    const turns = new Turns(1);
    const begun: string[] = [];
    const [first, second, third] = ["a", "b", "c"].map((name) => work(name, begun));
    const one = turns.run(undefined, first?.run ?? Promise.reject);
    const nobody = new AbortController();
    const two = turns.run(nobody.signal, second?.run ?? Promise.reject);
    const three = turns.run(undefined, third?.run ?? Promise.reject);
    await settled();
    nobody.abort(new Error("gone away"));
    await expect(two).rejects.toThrow("gone away");
    expect(turns.waiting).toBe(1);
    first?.finish();
    await one;
    third?.finish();
    await three;
    expect(begun).toEqual(["a", "c"]);
    await expect(turns.run(nobody.signal, () => Promise.resolve())).rejects.toThrow("gone away");
    expect(turns.waiting).toBe(0);
  });

  it("given as many that wait as may, when one more asks to be let in, then it is told to come again", async () => {
    const turns = new Turns(1, { most: 2, what: "searches" });
    const begun: string[] = [];
    const works = ["a", "b", "c"].map((name) => work(name, begun));
    const all = works.map(({ run }) => turns.run(undefined, run));
    await settled();
    const refused = { kind: "too_busy", retryAfterSeconds: 5, message: expect.stringContaining("2 searches wait") };
    expect(() => turns.admit()).toThrow(expect.objectContaining(refused));
    for (const { finish } of works) finish();
    await Promise.all(all);
    expect(() => turns.admit()).not.toThrow();
  });

  it("given one that waits for longer than it may, then it is told to come again, and the turn is the next one's", async () => {
    const turns = new Turns(1, { most: 5, what: "searches" });
    const release = await turns.take();
    await expect(turns.takeWithin({ withinMs: 10 })).rejects.toMatchObject({
      kind: "too_busy",
      message: expect.stringContaining("searches before this one took longer than the 0.01 seconds that it waits"),
    });
    expect(turns.waiting).toBe(0);
    const next = turns.takeWithin({ withinMs: 60_000 });
    release();
    (await next)();
  });
});
