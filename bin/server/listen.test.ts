import http from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "@/core/config";
import { CONNECTIONS, listen } from "./listen";

test("given a request, then its connection is kept for the next one longer than proxies keep theirs", async () => {
  const server = http.createServer(CONNECTIONS, (_request, response) => void response.end());
  onTestFinished(() => void server.close());
  const { port } = await listen(server, { ...readConfig({}), host: "127.0.0.1", port: 0 });

  const { headers } = await fetch(`http://127.0.0.1:${port}/`);
  expect(headers.get("keep-alive")).toBe("timeout=75");
});
