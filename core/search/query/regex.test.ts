import { expect, test } from "vitest";
import { parseQuery } from "./parse";
import { foldEntry, toPredicate } from "./to-predicate";

const finds = (query: string, message: string): boolean =>
  toPredicate(parseQuery(query))(
    foldEntry({ micros: "0", service: "", level: "info", message, pattern: null, tags: null, attributes: null }),
  );

test.each([
  ["/[А-Я]{3,}/", "Ошибка", true],
  ["/[а-я]{3,}/", "ОШИБКА", true],
  ["/[À-Ö]l/", "Öl", true],
  ["/[^À-Ö]l/", "öl", false],
  ["/[A-F]{2}/", "ef", true],
])("given %s, then %s is found: %s, as case does not count", (query, message, isFound) => {
  expect(finds(query, message)).toBe(isFound);
});
