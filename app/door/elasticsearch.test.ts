import { expect, test } from "vitest";
import { documentAnswer } from "./elasticsearch";

const of = { _index: "system", _id: "0" };

test.each([
  [{ ...of, _version: 1, result: "created", status: 201 }, 201],
  [{ ...of, _version: 1, result: "updated", status: 200 }, 200],
])(
  "given a document that is stored, then its answer has no status, as Elasticsearch's has none: %j",
  (result, status) => {
    const { status: _, ...rest } = result;

    expect(documentAnswer(result)).toEqual([status, rest]);
  },
);

test("given a document that is refused, then its answer says the status too", () => {
  const result = { ...of, status: 400, error: { type: "document_parsing_exception", reason: "no" } };

  expect(documentAnswer(result)).toEqual([400, result]);
});
