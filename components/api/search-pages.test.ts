import fc from "fast-check";
import { expect, test } from "vitest";
import {
  FIRST_PAGES,
  goOn,
  learnPage,
  lookAt,
  MOST_HELD_PAGES,
  placeOf,
  rowsOf,
  type SearchPages,
} from "./search-pages";

const page = (rows: number, next_cursor: string | null, timed_out = false) => ({
  entries: Array.from({ length: rows }),
  next_cursor,
  timed_out,
});

/** Pages of 200 rows, each learnt when it was looked at. */
function scrolledTo(count: number): SearchPages {
  let pages = FIRST_PAGES;
  for (let place = 0; place < count; place++) {
    pages = lookAt(pages, place * 200, place * 200 + 30);
    pages = learnPage(pages, place === 0 ? null : `c${place}`, page(200, `c${place + 1}`));
  }
  return pages;
}

test("given a first page, when its end comes near, then the next one is held too, and before that it is not", () => {
  const pages = scrolledTo(1);
  expect(rowsOf(pages)).toBe(200);
  expect(lookAt(pages, 0, 139).held).toEqual([0]);
  expect(lookAt(pages, 110, 140).held).toEqual([0, 1]);
});

test("given a list that was scrolled far down, then a few pages are held, and those at the top again when they are looked at", () => {
  const pages = scrolledTo(500);
  expect(pages.held).toHaveLength(MOST_HELD_PAGES);
  expect(pages.held).not.toContain(0);
  expect(rowsOf(pages)).toBe(100_000);
  const back = lookAt(pages, 190, 210);
  expect(back.held.slice(0, 2)).toEqual([0, 1]);
  expect(back.held).toHaveLength(MOST_HELD_PAGES);
});

test("given the last page, then the list has its end, and looking there asks for nothing more", () => {
  const pages = learnPage(lookAt(scrolledTo(1), 150, 199), "c1", page(7, null));
  expect([rowsOf(pages), pages.total, placeOf(pages, 206)]).toEqual([207, 207, 1]);
  expect(lookAt(pages, 190, 206).held).toEqual([0, 1]);
  expect(goOn(pages)).toEqual(pages);
});

test("given a page that the server had no time to fill, then it goes on when somebody wants it, and not before", () => {
  const stopped = learnPage(FIRST_PAGES, null, page(0, "later", true));
  expect([rowsOf(stopped), stopped.isStopped]).toEqual([0, true]);
  expect(lookAt(stopped, 0, 0).held).toEqual([0]);
  const on = goOn(stopped);
  expect(on.held).toContain(1);
  expect(learnPage(on, "later", page(3, null))).toMatchObject({ total: 3, isStopped: false });
});

test("given a page that has another end when it is fetched again, then what comes after it is asked for anew", () => {
  const pages = learnPage(scrolledTo(4), "c1", page(200, "other"));
  expect(pages.starts.map(({ cursor }) => cursor)).toEqual([null, "c1", "other"]);
  expect([rowsOf(pages), pages.held]).toEqual([400, [1, 0]]);
});

test("given a page that has fewer rows when it is fetched again, then all after it move up", () => {
  const pages = learnPage(scrolledTo(4), "c1", page(150, "c2"));
  expect(pages.starts.map(({ row }) => row)).toEqual([0, 200, 350, 550, 750]);
});

test("given a page of a search that is over, then nothing changes", () => {
  const pages = scrolledTo(2);
  expect(learnPage(pages, "of another", page(1, null))).toBe(pages);
});

test("given any scrolling, then what is in sight is held, and never more than a few pages", () => {
  const scrolling = fc.array(fc.tuple(fc.nat(20_000), fc.nat(60)), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(scrolling, (sights) => {
      let pages = scrolledTo(60);
      for (const [first, more] of sights) {
        const last = Math.min(first + more, rowsOf(pages) - 1);
        pages = lookAt(pages, Math.min(first, last), last);
        for (const row of [Math.min(first, last), last]) expect(pages.held).toContain(placeOf(pages, row));
        expect(pages.held.length).toBeLessThanOrEqual(MOST_HELD_PAGES);
      }
    }),
  );
});
