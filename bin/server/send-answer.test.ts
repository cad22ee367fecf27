import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isFault } from "@/core/errors";
import { readBody } from "@/core/ingest/decode/read-body";
import { limitTime } from "./limit-time";
import { refuse } from "./refuse";
import { bodyOf } from "./request-body";
import { sendAnswer } from "./send-answer";

const MIB = 1024 * 1024;
const answers = (status: number, body: string) => ({ status, headers: {}, body });

/** Answers at once, or as soon as what it reads can't be read. @param withinMs a request may take */
const serverOf = (withinMs: number) =>
  http.createServer(
    limitTime((request, response) => {
      if (request.url === "/refused") refuse(response, { status: 403, error: "refused" });
      else if (request.url === "/unread") sendAnswer(response, answers(401, "who is it?"));
      else void read(request, response);
    }, withinMs),
  );
const [server, hasty] = [serverOf(60_000), serverOf(300)];

async function read(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  try {
    for await (const _ of readBody(bodyOf(request), [String(request.headers["content-encoding"] ?? "identity")]));
    sendAnswer(response, answers(200, "read"));
  } catch (error) {
    const isTooLate = isFault(error) && error.kind === "timed_out";
    sendAnswer(response, answers(isTooLate ? 408 : 400, isTooLate ? error.message : "not gzip"));
  }
}

let [port, hastyPort] = [0, 0];
const listen = async (one: http.Server): Promise<number> => {
  await once(one.listen(0, "127.0.0.1"), "listening");
  return (one.address() as AddressInfo).port;
};
beforeAll(async () => {
  [port, hastyPort] = [await listen(server), await listen(hasty)];
});
afterAll(() => {
  for (const one of [server, hasty]) one.close();
});

/** As a client that reads only when it has sent everything. */
async function sendThenRead(path: string, headers: string, write: (socket: net.Socket) => Promise<void>, to = port) {
  const socket = net.connect(to, "127.0.0.1");
  socket.pause();
  let failure: Error | null = null;
  socket.on("error", (error) => {
    failure = error;
  });
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`);
  await write(socket);
  let answer = "";
  socket.setEncoding("utf8").on("data", (piece) => {
    answer += piece;
  });
  socket.resume();
  await once(socket, "close");
  return { answer, failure };
}

/** Resolves when it is on its way, or the connection has ended. */
const write = (socket: net.Socket, bytes: Buffer | string) =>
  new Promise<void>((resolve) => void socket.write(bytes, () => resolve()));

const megabytes = (count: number) => async (socket: net.Socket) => {
  for (let sent = 0; sent < count; sent++) await write(socket, Buffer.alloc(MIB));
};

test.each([
  ["/unread", "", 401, "who is it?"],
  ["/refused", "", 403, '"refused"'],
  ["/api/logs", "Content-Encoding: gzip\r\n", 400, "not gzip"],
])(
  "given an early answer at %s, when a client first sends 20 MB and then reads, then it gets the answer",
  async (path, headers, status, body) => {
    const { answer, failure } = await sendThenRead(path, `${headers}Content-Length: ${20 * MIB}`, megabytes(20));

    expect(failure).toBeNull();
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain("connection: close");
    expect(answer).toContain(body);
  },
);

test("given a sender that goes on for ever after an early answer, then its connection is ended", async () => {
  const socket = net.connect(port, "127.0.0.1");
  socket.on("error", () => undefined).resume();
  socket.write("POST /unread HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const piece = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(MIB), Buffer.from("\r\n")]);
  while (!socket.destroyed) await write(socket, piece);
  expect(socket.bytesWritten).toBeGreaterThan(5 * MIB);
});

test("given a body that goes on when its time is up, then who reads it answers, and the client gets that", async () => {
  const slowly = async (socket: net.Socket) => {
    for (let sent = 0; sent < 6; sent++) {
      socket.write("5\r\nhello\r\n");
      await sleep(100);
    }
    socket.write("0\r\n\r\n");
  };
  const { answer } = await sendThenRead("/api/logs", "Transfer-Encoding: chunked", slowly, hastyPort);
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(answer).toContain("the body did not arrive in time");
});

test("given a body that was read, then the connection is kept for the next request", async () => {
  const socket = net.connect(port, "127.0.0.1").setEncoding("utf8");
  for (const body of ["one", "two"]) {
    socket.write(`POST /api/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n${body}`);
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
    expect(String(answer).toLowerCase()).toContain("connection: keep-alive");
  }
  socket.destroy();
});
