import { expect, test } from "vitest";
import { ForwardChunks } from "./forward-chunks";

const HOST = { chunk: "c", address: "192.0.2.7", tag: "web" };

test("given a chunk that arrived before its acknowledgement went out, then it is the same one, however late it is read", () => {
  const chunks = new ForwardChunks();
  const connection = chunks.nextConnection();
  const first = chunks.take({ ...HOST, connection, acknowledgements: 0 });
  first.acknowledged(1);

  // Its sender waited no longer, while the acknowledgement was on its way.
  const again = chunks.take({ ...HOST, connection, acknowledgements: 0 });
  expect(again.id).toBe(first.id);
  again.acknowledged(2);
  expect(chunks.take({ ...HOST, connection, acknowledgements: 2 }).id).not.toBe(first.id);
});

test("given a second one of the same name that was not stored, then it is what comes over the next connection", () => {
  const chunks = new ForwardChunks();
  const connection = chunks.nextConnection();
  const first = chunks.take({ ...HOST, connection, acknowledgements: 0 });
  first.acknowledged(1);
  const second = chunks.take({ ...HOST, connection, acknowledgements: 1 });

  const other = chunks.nextConnection();
  expect(second.id).not.toBe(first.id);
  const retried = chunks.take({ ...HOST, connection: other, acknowledgements: 0 });
  expect(retried.id).toBe(second.id);
  // That of a connection that is no more says nothing of this one.
  second.acknowledged(2);
  expect(chunks.take({ ...HOST, connection: other, acknowledgements: 7 }).id).toBe(second.id);
  retried.acknowledged(8);
  expect(chunks.take({ ...HOST, connection: other, acknowledgements: 8 }).id).not.toBe(second.id);
});

test.each([
  ["name", { chunk: Buffer.from("d") }],
  ["address", { address: "192.0.2.8" }],
  ["tag", { tag: "web2" }],
])("given another %s, then it is another chunk", (_what, other) => {
  const chunks = new ForwardChunks();
  const arrived = { ...HOST, connection: chunks.nextConnection(), acknowledgements: 0 };
  expect(chunks.take({ ...arrived, ...other }).id).not.toBe(chunks.take(arrived).id);
});
