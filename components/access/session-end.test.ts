import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { holdUnsaved, isSessionOver, sessionEnded, sessionIsThere } from "./session-end";

const left: string[] = [];

beforeEach(() => {
  left.length = 0;
  const location = { pathname: "/settings/health", search: "", assign: (path: string) => void left.push(path) };
  vi.stubGlobal("window", { location });
});
afterEach(() => vi.unstubAllGlobals());

test("given nothing typed, when the session is over, then the page leads to sign in and back", () => {
  sessionEnded();
  expect(left).toEqual(["/sign-in?next=%2Fsettings%2Fhealth"]);
});

test("given something typed, when the session is over, then the page stays and says so until it is there again", () => {
  const [first, second] = [holdUnsaved(), holdUnsaved()];
  sessionEnded();
  expect([left, isSessionOver()]).toEqual([[], true]);
  sessionIsThere();
  expect(isSessionOver()).toBe(false);

  first();
  sessionEnded();
  expect([left, isSessionOver()]).toEqual([[], true]);
  second();
  // Nothing is left that could be saved.
  expect(isSessionOver()).toBe(false);
  sessionEnded();
  expect(left).toHaveLength(1);
  sessionIsThere();
});
