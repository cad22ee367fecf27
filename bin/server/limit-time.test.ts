import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { limitTime } from "./limit-time";

const server = http.createServer(
  limitTime((request, response) => {
    request.on("error", () => undefined);
    request.resume().once("end", () => response.end("read"));
  }, 100),
);
let port = 0;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address && typeof address === "object") port = address.port;
});
afterAll(() => void server.close());

/** Sends the head and half a body; `finish` sends the rest. */
async function begin(path: string) {
  const socket = net.connect(port, "127.0.0.1");
  socket.setEncoding("utf8").write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf `);
  return socket;
}

test("given a body that does not arrive in time, then its request is ended", async () => {
  const socket = await begin("/api/logs");

  const [answer] = await once(socket, "data");

  expect(String(answer)).toMatch(/^HTTP\/1.1 408 /);
  await once(socket, "close");
});

test("given an address whose bodies are endless, then it is waited for", async () => {
  const [ended, endless] = await Promise.all([begin("/api/logs"), begin("/upload")]);
  await once(ended.resume(), "close");

  endless.write("whole");
  const [answer] = await once(endless, "data");

  expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
  endless.destroy();
});
