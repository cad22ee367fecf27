import { expect, test } from "vitest";
import { fuzz } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { vercelLogs } from "./vercel";

/** 2026-11-26T15:00:00.123Z */
const TIME = 1_795_705_200_123;

const OF_FUNCTION = {
  id: "1573817187330377061717300000",
  message: "card declined",
  timestamp: TIME,
  level: "error",
  source: "lambda",
  type: "stderr",
  projectId: "gdufoJxB6b9b1fEqr1jUtFkyavUU",
  projectName: "shop",
  deploymentId: "dpl_1",
  host: "shop.vercel.app",
};
const OF_REQUEST = {
  id: "2",
  timestamp: TIME,
  level: "info",
  source: "static",
  projectName: "shop",
  proxy: { timestamp: TIME, method: "GET", path: '/about?x="1"', statusCode: 200, clientIp: "192.0.2.1" },
};

test.each([
  ["an array", JSON.stringify([OF_FUNCTION, OF_REQUEST])],
  ["lines", `${JSON.stringify(OF_FUNCTION)}\n${JSON.stringify(OF_REQUEST)}\n`],
])("given %s, then each log is an entry of its project, and a request has a message", (_, body) => {
  expect(readEntries(vercelLogs, [body.slice(0, 100), body.slice(100)])).toMatchObject([
    {
      micros: "1795705200123000",
      level: "error",
      service: "shop",
      message: "card declined",
      attributes: { source: "lambda", deploymentId: "dpl_1", host: "shop.vercel.app" },
    },
    { service: "shop", message: 'GET /about?x="1" 200', attributes: { proxy: { clientIp: "192.0.2.1" } } },
  ]);
});

test("given a function's line of JSON, then it is read like any entry, with its own service", () => {
  const log = { ...OF_FUNCTION, message: '{"level":"warn","msg":"slow","service":"pay","ms":12}', level: "info" };
  expect(readEntries(vercelLogs, [JSON.stringify([log])])).toMatchObject([
    { level: "warning", service: "pay", message: "slow", attributes: { ms: 12, projectName: "shop" } },
  ]);
});

test("given any bytes, then they are read or refused with a reason, never anything else", () => {
  fuzz(vercelLogs, JSON.stringify([OF_REQUEST]));
  fuzz(vercelLogs, `${JSON.stringify(OF_FUNCTION)}\n{}\n`);
});
