import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { ADMIN, addKey, addUser, fromSomewhere, PASSWORD, post, signIn, WITH_ADMIN } from "./accounts";
import { ask, cookieOf } from "./ask";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
const MAIL = "smtp://shop:an-smtp-password@127.0.0.1:9";

test.beforeAll(() => server.start({ ...WITH_ADMIN, CORDWOOD_LOG_LEVEL: "trace", SMTP_URL: MAIL }));
test.afterAll(() => server.remove());

const JSON_TYPE = { "content-type": "application/json" };

async function signInPage(page: Page): Promise<void> {
  const [pair = ""] = (await signIn(server, ADMIN.email)).split("; ");
  const at = pair.indexOf("=");
  await page.context().addCookies([{ name: pair.slice(0, at), value: pair.slice(at + 1), url: server.url }]);
}

test("given wrong passwords without end, then the address is slowed down, and the account is not locked for others", async () => {
  const attacker = fromSomewhere();
  const guess = () => post(server, "/api/access/sign-in", { ...ADMIN, password: "a guess" }, attacker);
  const statuses: number[] = [];
  for (let count = 0; count < 12; count++) statuses.push((await guess()).status);

  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
  const refused = await post(server, "/api/access/sign-in", ADMIN, attacker);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect((await post(server, "/api/access/sign-in", ADMIN)).status).toBe(200);
});

test("given an address that it says is another's, from a proxy that is not trusted, then the limit holds all the same", async () => {
  const untrusting = new TestServer();
  try {
    await untrusting.start({ ...WITH_ADMIN, CORDWOOD_TRUSTED_PROXIES: "192.0.2.1" });
    const statuses: number[] = [];
    for (let count = 0; count < 11; count++) {
      statuses.push((await post(untrusting, "/api/access/sign-in", { ...ADMIN, password: "a guess" })).status);
    }
    expect(statuses.at(-1)).toBe(429);
  } finally {
    await untrusting.remove();
  }
});

test("given guessed keys without end, then the address is slowed down", async () => {
  const headers = fromSomewhere();
  const guess = async (count: number) => {
    const key = { authorization: `Bearer cw_${String(count).padStart(43, "A")}` };
    return (await ask(server.url, "/api/logs", { headers: { ...headers, ...key } })).status;
  };
  const statuses = new Set<number>();
  // Many at once: what is slowed down is how many come in a minute.
  for (let count = 0; count <= 600 && !statuses.has(429); count += 20) {
    const some = Array.from({ length: 20 }, (_, index) => guess(count + index));
    for (const status of await Promise.all(some)) statuses.add(status);
  }
  expect([...statuses].sort()).toEqual([401, 429]);
});

test("given a session's cookie that somebody planted, then signing in gives another one", async () => {
  const planted = "cordwood.session_token=planted.signature";
  const answer = await post(server, "/api/access/sign-in", ADMIN, { cookie: planted });

  expect(cookieOf(answer)).not.toContain("planted");
  expect((await ask(server.url, "/api/logs", { headers: { cookie: planted } })).status).toBe(401);
  expect((await ask(server.url, "/api/logs", { headers: { cookie: cookieOf(answer) } })).status).toBe(200);
});

test("given paths that leave the folders that are served, then nothing of the machine is told", async () => {
  const cookie = await signIn(server, ADMIN.email);
  const up = ["..", "%2e%2e", "..%2f..", "..%5c..", "%252e%252e"];
  const targets = ["package.json", "etc/passwd", ".cordwood/secret", "core/config.ts", "secret", ".env"];
  for (const folder of ["", "_next/static/", "_next/", "api/logs/", "_next/image?url=/"]) {
    for (const step of ["", ...up]) {
      for (const target of targets) {
        const path = `/${folder}${step === "" ? "" : `${step}/${step}/${step}/`}${target}`;
        const { status, body } = await ask(server.url, path, { headers: { cookie } });
        expect([301, 307, 308, 400, 404], path).toContain(status);
        expect(body, path).not.toMatch(/root:|"scripts"|environmentSchema/);
      }
    }
  }
});

test("given script in everything that others write, then every page shows it as text and runs none", async ({
  page,
}) => {
  const script = `"'><img src=x onerror=window.pwned=1><script>window.pwned=1</script>{{7*7}}`;
  const service = `<script>window.pwned=1</script>`;
  const cookie = await signIn(server, ADMIN.email);
  const headers = { cookie };
  const entries = Array.from({ length: 5 }, (_, index) => ({
    service,
    level: "error",
    message: `${script} \u001b[31mred\u001b[0m \u202egnp.exe ${"x".repeat(index)}`,
    tags: [script],
    attributes: { [script]: script, url: "javascript:window.pwned=1" },
  }));
  expect((await post(server, "/api/logs", entries, headers)).status).toBe(201);
  const view = { name: script.slice(0, 90), query: script, range: "1h", columns: [script] };
  // What is no query is refused; what is in the name and the columns is kept.
  expect((await post(server, "/api/logs/views", view, headers)).status).toBe(400);
  expect((await post(server, "/api/logs/views", { ...view, query: "" }, headers)).status).toBe(201);
  const config = {
    service,
    error_threshold_per_min: 1,
    warning_threshold_per_min: 1,
    alert_webhook_url: "http://example.com/<script>window.pwned=1</script>",
  };
  expect((await post(server, "/api/logs/alerts/config", config, headers)).status).toBe(201);
  await post(server, "/api/logs", entries, headers);
  const listed = await ask(server.url, "/api/logs/alerts/incidents", { headers });
  const id = /"id":(\d+)/.exec(listed.body)?.[1];
  const acknowledged = await post(server, `/api/logs/alerts/incident/acknowledge?id=${id}`, { note: script }, headers);
  expect(acknowledged.status, acknowledged.body).toBe(200);
  const silence = { service, reason: script, ends_at: new Date(Date.now() + 3_600_000).toISOString() };
  expect((await post(server, "/api/logs/alerts/silences", silence, headers)).status).toBe(201);
  await addKey(server, cookie, { name: script.slice(0, 90), scopes: ["read"], services: [script] });
  const patterns = await ask(server.url, "/api/logs/patterns", { headers });
  const pattern = /"pattern":"(-?\d+)"/.exec(patterns.body)?.[1];
  const found = await ask(server.url, "/api/logs?limit=1", { headers });
  const entry = /"id":"([^"]+)"/.exec(found.body)?.[1];

  await signInPage(page);
  const violations: string[] = [];
  page.on("dialog", (dialog) => violations.push(dialog.message()));
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) violations.push(message.text());
  });
  const named = encodeURIComponent(service);
  for (const path of [
    "/",
    `/logs?entry=${entry}&columns=service,message,${encodeURIComponent(script)}`,
    `/logs?q=${encodeURIComponent(script)}`,
    `/service?name=${named}`,
    "/errors",
    `/errors/pattern?id=${pattern}`,
    "/alerts",
    `/alerts/incident?id=${id}`,
    `/alerts/config?service=${named}`,
    "/alerts/silences",
    "/send",
    "/jobs",
    "/settings",
    "/settings/keys",
    "/settings/audit",
    `/sign-in?next=${encodeURIComponent("javascript:window.pwned=1")}&error=${encodeURIComponent(script)}`,
  ]) {
    await page.goto(`${server.url}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.waitForLoadState("load");
    expect(await page.evaluate(() => "pwned" in window), path).toBe(false);
    expect(await page.locator("a[href^='javascript:'], img[src='x']").count(), path).toBe(0);
  }
  expect(violations).toEqual([]);

  await page.goto(`${server.url}/logs`);
  const row = page.getByRole("listitem").filter({ hasText: "onerror" }).first();
  await expect(row).toContainText("<img src=x onerror=window.pwned=1>");
  await expect(row).toContainText("red ⟨202E⟩gnp.exe");
});

test("given a page, then its policy lets in scripts by a nonce only, and another one each time", async ({ page }) => {
  const [first, second] = [await ask(server.url, "/sign-in"), await ask(server.url, "/sign-in")];
  const policies = [first, second].map(({ headers }) => String(headers["content-security-policy"]));
  const nonces = policies.map((policy) => /script-src 'nonce-([^']+)' 'strict-dynamic'(?:;|$)/.exec(policy)?.[1]);

  expect(nonces[0]).toMatch(/^[A-Za-z0-9+/=]{22,}$/);
  expect(nonces[1]).not.toBe(nonces[0]);
  for (const policy of policies) {
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  }
  expect(first.headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
  });
  expect(first.headers["x-powered-by"]).toBeUndefined();
  // A script that has got into the page all the same does not run.
  await page.goto(`${server.url}/sign-in`);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", "<img alt='' src='data:,' onerror='window.pwned = 1'>");
    const script = document.createElement("div");
    script.innerHTML = "<a id=trap href='javascript:window.pwned=1'>trap</a>";
    document.body.append(script);
    document.getElementById("trap")?.click();
  });
  await expect(page.locator("img[src='data:,']")).toBeAttached();
  expect(await page.evaluate(() => "pwned" in window)).toBe(false);
});

const isFirstPage = ({ origin, pathname }: URL) => origin === server.url && pathname === "/";

test("given a link to sign in that leads elsewhere afterwards, then it leads to the first page", async ({ page }) => {
  for (const next of ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"]) {
    await page.context().clearCookies();
    await page.goto(`${server.url}/sign-in?next=${encodeURIComponent(next)}`);
    await page.context().setExtraHTTPHeaders(fromSomewhere());
    await page.getByLabel("E-mail address").fill(ADMIN.email);
    await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(isFirstPage);
    // Also for one who is signed in already.
    await page.goto(`${server.url}/sign-in?next=${encodeURIComponent(next)}`);
    await expect(page).toHaveURL(isFirstPage);
  }
});

test("given a form on another site, when somebody who is signed in opens it, then it does nothing", async ({
  page,
}) => {
  const site = http.createServer((_request, response) => {
    const target = `${server.url}/api/logs`;
    response.setHeader("content-type", "text/html");
    response.end(
      `<form method=post enctype=text/plain action="${target}"><input name='{"service":"forged","message":"' value='"}'></form><script>document.forms[0].submit()</script>`,
    );
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const address = site.address();
  const port = address && typeof address === "object" ? address.port : 0;
  try {
    await signInPage(page);
    for (const host of ["127.0.0.1", "localhost"]) {
      const answered = page.waitForResponse((response) => response.url().endsWith("/api/logs"));
      await page.goto(`http://${host}:${port}`);
      expect((await answered).status(), host).toBe(403);
    }
    const cookie = await signIn(server, ADMIN.email);
    expect((await ask(server.url, "/api/logs?service=forged", { headers: { cookie } })).body).toContain('"entries":[]');
  } finally {
    site.close();
  }
});

test("given 500 connections that send their headers a byte at a time, then others are served, and those are ended", async () => {
  const { port } = new URL(server.url);
  const closed: Promise<unknown>[] = [];
  const sockets = await Promise.all(
    Array.from({ length: 500 }, async () => {
      const socket = net.connect(Number(port), "127.0.0.1");
      socket.on("error", () => undefined);
      closed.push(new Promise((resolve) => socket.on("close", resolve)));
      await once(socket, "connect");
      socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
      return socket;
    }),
  );
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("a");
  }, 1_000);
  try {
    const headers = { cookie: await signIn(server, ADMIN.email) };
    for (let count = 0; count < 20; count++) {
      expect((await ask(server.url, "/api/logs/dashboard", { headers })).status).toBe(200);
    }
    await Promise.all(closed);
  } finally {
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
  }
});

test("given requests that ask for another protocol, then each is answered as if it had not asked", async () => {
  const upgrade = { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "AAMAAABkAAQAAP__" };
  const webSocket = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
  const admin = await signIn(server, ADMIN.email);
  const { key } = await addKey(server, admin, { scopes: ["ingest"] });
  const statusOf = async (path: string, headers: Record<string, string>) =>
    (await ask(server.url, path, { headers })).status;

  for (const asking of [upgrade, webSocket]) {
    for (const path of ["/healthz", "/sign-in"]) expect(await statusOf(path, asking), path).toBe(200);
    for (const path of ["/api/logs", "/api/logs/stream"]) expect(await statusOf(path, asking), path).toBe(401);
    for (const path of ["/_next/static/x", "/_next/hmr", "/x"]) expect(await statusOf(path, asking), path).toBe(404);
    expect(await statusOf("/api/logs", { ...asking, cookie: admin })).toBe(200);
    const headers = { ...JSON_TYPE, ...asking, authorization: `Bearer ${key}` };
    const body = JSON.stringify({ service: "java", message: "sent by a client that offers HTTP/2" });
    expect((await ask(server.url, "/api/logs", { method: "POST", headers, body })).status).toBe(201);
  }
});

/** Sends lines as they are. @returns the status of the answer and what follows its head */
async function askRaw(...lines: string[]): Promise<[status: number, body: string]> {
  const socket = net.connect(Number(new URL(server.url).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (piece) => {
    answer += piece;
  });
  socket.write(`${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n`);
  await once(socket, "close");
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  return [Number(head.split(" ")[1]), body];
}

test("given what no route can take, then the answer is a 4xx that says why, and Next.js never reads it", async () => {
  const host = "Host: 127.0.0.1";
  for (const method of ["TRACE", "PROPFIND", "LINK"]) {
    const [status, body] = await askRaw(`${method} /api/logs HTTP/1.1`, host);
    expect(status, method).toBe(405);
    expect(body).toContain(`${method} is not taken here`);
  }
  for (const header of ["Next-Action: 7f", "Content-Type: multipart/form-data; boundary=x"]) {
    expect(await askRaw("POST / HTTP/1.1", host, header, "Content-Length: 0")).toEqual([
      405,
      expect.stringContaining("POST is not taken here"),
    ]);
  }
  expect(await askRaw("OPTIONS * HTTP/1.1", host)).toEqual([400, expect.stringContaining("must be a path")]);
  expect(await askRaw("GET ftp://127.0.0.1/ HTTP/1.1", host)).toEqual([400, expect.stringContaining("must be a path")]);
  expect(await askRaw("GET / HTTP/1.1", host, "Host: other.example")).toEqual([
    400,
    expect.stringContaining("one Host header"),
  ]);
  expect((await askRaw("GET /_next/image?url=%2Fapi%2Flogs&w=64&q=75 HTTP/1.1", host))[0]).toBe(404);
});

test("given a whole URL as what is asked for, then it is the path and the host of the request", async () => {
  const host = new URL(server.url).host;
  expect((await askRaw(`GET http://${host}/healthz HTTP/1.1`, "Host: other.example"))[0]).toBe(200);
  expect((await askRaw("GET http://other.example/api/logs HTTP/1.1", `Host: ${host}`))[0]).toBe(401);
  const other = ["Host: other.example", "Origin: http://other.example", "Content-Length: 0"];
  expect((await askRaw(`POST http://${host}/api/access/sign-out HTTP/1.1`, ...other))[0]).toBe(403);
});

test("given headers that are too large, or a body that is for a form, then each is a 4xx", async () => {
  const large = await ask(server.url, "/api/logs", { headers: { "x-large": "a".repeat(20_000) } });
  expect(large.status).toBe(431);
  const body = { email: "a@example.com", password: "p".repeat(100_000) };
  expect((await post(server, "/api/access/sign-in", body)).status).toBe(413);
});

/** Opens a stream. @returns what resolves when it ends */
function openStream(path: string, headers: Record<string, string>): Promise<{ ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${server.url}${path}`, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`status ${response.statusCode}`));
      response.resume();
      resolve({ ended: new Promise((end) => response.on("end", end)) });
    });
    request.on("error", reject);
  });
}

test("given open streams, when the session or the key that opened them ends, then they end, and others go on", async () => {
  const admin = await signIn(server, ADMIN.email);
  const viewer = await addUser(server, admin, "watcher@example.com", "viewer");
  const { id, key } = await addKey(server, admin, { scopes: ["read"] });
  const ofViewer = await openStream("/api/logs/stream", { cookie: viewer });
  const ofKey = await openStream("/api/logs/tail", { authorization: `Bearer ${key}` });
  let adminEnded = false;
  void (await openStream("/api/logs/stream", { cookie: admin })).ended.then(() => {
    adminEnded = true;
  });

  await post(server, "/api/access/sign-out", {}, { cookie: viewer });
  await ofViewer.ended;
  await ask(server.url, `/api/access/keys?id=${id}`, { method: "DELETE", headers: { cookie: admin } });
  await ofKey.ended;

  expect(adminEnded).toBe(false);
});

test("given a stranger's request for a new password, then it answers the same for every address", async () => {
  const [known, unknown] = [
    await post(server, "/api/access/password/reset-request", { email: ADMIN.email }),
    await post(server, "/api/access/password/reset-request", { email: "nobody@example.com" }),
  ];
  expect([known.status, known.body]).toEqual([202, unknown.body]);
});

test("given all of that with the most talkative log, then it has no password, no key and no session", async () => {
  const cookie = await signIn(server, ADMIN.email);
  const { key } = await addKey(server, cookie, { scopes: ["ingest"] });
  await ask(server.url, "/api/logs", {
    method: "POST",
    headers: { ...JSON_TYPE, authorization: `Bearer ${key}` },
    body: "{",
  });
  const token = cookie.split("=")[1]?.split(".")[0] ?? "";

  expect(token.length).toBeGreaterThan(20);
  for (const secret of [PASSWORD, key, token, "an-smtp-password", "a guess"])
    expect(server.output).not.toContain(secret);
});
