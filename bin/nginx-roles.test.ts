import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ADDRESSES } from "@/app/door/addresses";
import { PROBES } from "@/app/door/probes";
import { endChild } from "@/core/testing/end-child";
import { freePort } from "@/core/testing/free-port";

const hasNginx = spawnSync("nginx", ["-v"], { stdio: "ignore" }).error === undefined;
if (!hasNginx) process.stderr.write("nginx is not here: the tests with it did not run\n");

/** Says whose turn it was, as what an instance does is not asked here; what it takes is said by app/door. */
const instanceOf = (role: string, status: () => number = () => 200) =>
  http.createServer((request, response) => {
    request.resume();
    response.writeHead(status(), { "x-role": role }).end();
  });

function portOf(server: http.Server): number {
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

describe.runIf(hasNginx)("deploy/nginx-roles.conf", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-nginx-"));
  let isStopping = false;
  const servers = {
    ingest: [instanceOf("ingest"), instanceOf("ingest", () => (isStopping ? 503 : 200))],
    web: [instanceOf("web"), instanceOf("web", () => (isStopping ? 503 : 200))],
  };
  const all = Object.values(servers).flat();
  let nginx: ChildProcess | undefined;
  let port = 0;

  beforeAll(async () => {
    for (const server of all) {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    }
    const listed = (role: keyof typeof servers) =>
      servers[role].map((server) => `  server 127.0.0.1:${portOf(server)} max_fails=0;\n`).join("");
    port = await freePort();
    const plain = await freePort();
    const made = await generate([{ name: "commonName", value: "localhost" }], { algorithm: "sha256" });
    writeFileSync(path.join(folder, "cert.pem"), made.cert);
    writeFileSync(path.join(folder, "key.pem"), made.private);
    const site = readFileSync("deploy/nginx-roles.conf", "utf8")
      .replace(/( +server 10\.0\.0\.1\d:3000 max_fails=0;\n)+/, listed("ingest"))
      .replace(/( +server 10\.0\.0\.2\d:3000 max_fails=0;\n)+/, listed("web"))
      .replaceAll(/^ *listen \[::\].*\n/gm, "")
      .replace("listen 80;", `listen 127.0.0.1:${plain};`)
      .replace("listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`)
      .replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/cert.pem;`)
      .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${folder}/key.pem;`);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (kind) => `${kind}_temp_path ${folder}/${kind};`,
    );
    const file = path.join(folder, "nginx.conf");
    // Its workers are another user than root.
    chmodSync(folder, 0o755);
    writeFileSync(
      file,
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; worker_processes 1; events {} http { access_log off; ${temporary.join(" ")}\n${site}}`,
    );
    nginx = spawn("nginx", ["-c", file, "-e", `${folder}/nginx.log`], { stdio: "inherit" });
    await vi.waitFor(() => ask("GET", "/"), { timeout: 60_000, interval: 50 });
  });
  afterAll(async () => {
    await endChild(nginx, "SIGTERM");
    for (const server of all) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function ask(method: string, route: string): Promise<{ status: number; role: string }> {
    return new Promise((resolve, reject) => {
      const options = { host: "localhost", port, path: route, method, rejectUnauthorized: false };
      const request = https.request(options, (answer) => {
        answer.resume();
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, role: String(answer.headers["x-role"]) }));
      });
      request.on("error", reject).end(method === "POST" ? "{}" : undefined);
    });
  }

  test("given what senders ask for, then an instance that takes entries gets it", async () => {
    const asked = ADDRESSES.filter((address) => !PROBES.includes(address));
    for (const { method, path: pattern } of asked) {
      for (const route of [pattern.replace("*", "an-index/_bulk"), `${pattern.replace("*", "x")}?service=shop&q=/logs`])
        expect({ method, route, ...(await ask(method, route)) }).toEqual({
          method,
          route,
          status: 200,
          role: "ingest",
        });
    }
  });

  test.each([
    ["GET", "/"],
    ["GET", "/logs?q=/upload"],
    ["GET", "/api/logs?q=POST /api/logs"],
    ["GET", "/api/logs/tail?q=gelf"],
    ["POST", "/api/logs/stats"],
    ["POST", "/api/logs/alerts/config"],
    ["POST", "/api/logs/batches"],
    ["GET", "/uploads"],
    ["GET", "/_next/static/a.js"],
    ["POST", "/api/auth/sign-in/email"],
  ])("given %s %s, then an instance that shows pages gets it", async (method, route) => {
    expect(await ask(method, route.replaceAll(" ", "%20"))).toEqual({ status: 200, role: "web" });
  });

  test("given an instance that is stopping, then what is read is asked of the next one, and what is sent comes back to its sender", async () => {
    isStopping = true;
    try {
      const statuses = async (method: string, route: string) => {
        const found = new Set<number>();
        for (let index = 0; index < 4; index++) found.add((await ask(method, route)).status);
        return [...found].sort();
      };
      expect(await statuses("GET", "/logs")).toEqual([200]);
      expect(await statuses("POST", "/api/logs")).toEqual([200, 503]);
    } finally {
      isStopping = false;
    }
  });
});
