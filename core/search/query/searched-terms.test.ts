import { expect, test } from "vitest";
import { searchedTerms } from "./searched-terms";

/** A term as `field=value`. */
const termsOf = (query: string) =>
  searchedTerms(query).map(({ field, value, isCompared }) => {
    const name = field.name === "attribute" ? field.path.join(".") : field.name;
    const text =
      value.kind === "phrase" ? value.text : value.kind === "word" ? value.parts.join("*") : `/${value.source}/`;
    return `${name}${isCompared ? "<>" : "="}${text}`;
  });

test.each([
  ["card declined", ["message=card", "message=declined"]],
  ['"card declined" OR tim*out', ["message=card declined", "message=tim*out"]],
  ["card NOT declined -paid", ["message=card"]],
  ["NOT NOT card", ["message=card"]],
  ["NOT (card OR NOT declined)", ["message=declined"]],
  ["-(a (b -c)) d", ["message=c", "message=d"]],
  ["a NOT (b) c", ["message=a", "message=c"]],
  [
    "HTTP.Status:500 duration_ms>250 tag:canary msg:x",
    ["http.status=500", "duration_ms<>250", "tags=canary", "message=x"],
  ],
  ["/time(d )?out/", ["message=/time(d )?out/"]],
  ["a ) b (", ["message=a", "message=b"]],
  ['"unclosed', []],
  ["", []],
])("given the query %s, then what is asked for is %j", (query, expected) => {
  expect(termsOf(query)).toEqual(expected);
});
