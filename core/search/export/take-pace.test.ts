import { expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { TakePace } from "./take-pace";

test("given one who takes a piece just before its export would end, again and again, then it ends after some minutes", () => {
  const pace = new TakePace();
  let minutes = 0;
  const takeAll = () => {
    for (; minutes < 1_000; minutes++) pace.took(LIMITS.exportPiece, LIMITS.exportIdleMs - 1_000);
  };
  expect(takeAll).toThrow("less than 8192 characters a second of the export were taken over 5 minutes");
  expect(minutes).toBe(5);
});

test("given one who takes as fast as one must, then its export goes on; what was fast before counts for a while only", () => {
  const pace = new TakePace(1_000, 10_000);
  for (let piece = 0; piece < 1_000; piece++) pace.took(1_000, 1_000);
  pace.took(1_000_000_000, 1);
  for (let piece = 0; piece < 10; piece++) pace.took(1, 1_000);
  expect(() => {
    for (let piece = 0; piece < 10; piece++) pace.took(999, 1_000);
  }).toThrow("were taken");
});

test("given one who takes at once, however little there is, then its export goes on", () => {
  const pace = new TakePace();
  for (let piece = 0; piece < 1_000_000; piece++) pace.took(10, 0);
});
