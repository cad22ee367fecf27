import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { readConfig, VARIABLES } from "@/core/config";

const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-deploy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string) => readFileSync(path.join("deploy", file), "utf8");

/** Whether a program is there; where it isn't, its tests are skipped. */
const has = (program: string): boolean => spawnSync(program, ["--help"], { stdio: "ignore" }).error === undefined;

/** Names and values of an example's lines, with what is left open filled in. */
const exampleOf = (file: string): Record<string, string> =>
  Object.fromEntries(
    read(file)
      .split("\n")
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1) || "x".repeat(40)]),
  );

describe("the unit for systemd", () => {
  const unit = read("cordwood.service");

  test.runIf(has("systemd-analyze"))(
    "given systemd-analyze, then it finds nothing wrong, and the sandbox leaves little open",
    () => {
      const file = path.join(folder, "cordwood.service");
      writeFileSync(file, unit.replace("/usr/local/bin/cordwood", process.execPath));
      const verified = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
      expect(verified).toMatchObject({ status: 0, stderr: "" });
      // Of ten, where 9.6 is a service without any sandbox.
      const looked = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=20", file], {
        encoding: "utf8",
      });
      expect(looked.status, looked.stdout).toBe(0);
    },
  );

  test("given what the docs add for ports below 1024, then it is understood, and nothing takes the capability away again", () => {
    const [, added = ""] = /```ini\n([\s\S]+?)```/.exec(readFileSync("docs/deployment/README.md", "utf8")) ?? [];
    expect(added).toContain("AmbientCapabilities=CAP_NET_BIND_SERVICE");
    // In a user namespace a capability is none over the machine's network (capabilities(7)).
    expect(added).toContain("PrivateUsers=no");
    if (!has("systemd-analyze")) return;
    const file = path.join(folder, "cordwood.service");
    const edited = unit.replace("[Install]", `${added}[Install]`).replace("/usr/local/bin/cordwood", process.execPath);
    writeFileSync(file, edited);
    expect(spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  test("given a stop, then it has longer than what was accepted may take, and PostgreSQL is not stopped before", () => {
    expect(unit).toContain("KillMode=mixed");
    expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).toBeGreaterThan(30);
  });
});

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      environment: z.record(z.string(), z.string()).default({}),
      volumes: z.array(z.string()).default([]),
      networks: z.array(z.string()),
    }),
  ),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
});

describe("compose.yaml", () => {
  const text = read("compose.yaml");
  const compose = composeSchema.parse(parse(text));

  test("given what Cordwood is told, then it takes it, and each variable is in the example", () => {
    const example = exampleOf("compose.env.example");
    const asked = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name);
    expect([...new Set(asked)].sort()).toEqual(Object.keys(example).sort());
    const given = compose.services.cordwood?.environment ?? {};
    expect(Object.keys(given).filter((name) => !VARIABLES.includes(name))).toEqual([]);
    const filled = Object.entries(given).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{(\w+)[^}]*\}/g, (_all, variable: string) =>
        variable === "SMTP_URL" ? "" : (example[variable] ?? ""),
      ),
    ]);
    const config = readConfig(Object.fromEntries(filled));
    expect(config).toMatchObject({ publicUrl: "https://logs.example.com", trustedProxies: ["10.201.3.0/24"] });
    expect(text).toContain("subnet: 10.201.3.0/24");
  });

  test("given a PostgreSQL that is set up, then one that only its own image reaches is not taken for it", () => {
    expect(compose.services.postgres).toMatchObject({
      healthcheck: { test: expect.arrayContaining(["pg_isready", "--host=127.0.0.1"]) },
    });
  });

  test("given its services, then each volume and network is there, and Cordwood may do little", () => {
    for (const { volumes, networks } of Object.values(compose.services)) {
      for (const name of networks) expect(compose.networks).toHaveProperty(name);
      for (const volume of volumes.filter((one) => !one.startsWith("."))) {
        expect(compose.volumes).toHaveProperty(volume.split(":")[0] ?? "");
      }
    }
    expect(compose.services.cordwood).toMatchObject({ read_only: true, cap_drop: ["ALL"], init: true });
  });
});

const resourceSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.unknown().optional(),
});

describe("the set for Kubernetes", () => {
  test.runIf(has("kubectl"))(
    "given kustomize, then it makes the set, whose selectors, probes and secret fit together",
    () => {
      const set = path.join(folder, "kubernetes");
      cpSync("deploy/kubernetes", set, { recursive: true });
      cpSync(path.join(set, "cordwood.env.example"), path.join(set, "cordwood.env"));
      const made = spawnSync("kubectl", ["kustomize", set], { encoding: "utf8" });
      expect(made).toMatchObject({ status: 0, stderr: "" });
      const resources = parseAllDocuments(made.stdout).map((document) => resourceSchema.parse(document.toJS()));
      const labels = { "app.kubernetes.io/name": "cordwood" };
      const spec = (kind: string) => resources.find((resource) => resource.kind === kind)?.spec;
      expect(resources.map(({ kind }) => kind).sort()).toEqual([
        "Deployment",
        "PodDisruptionBudget",
        "Secret",
        "Service",
      ]);
      expect(spec("Service")).toMatchObject({ selector: labels, ports: [{ targetPort: "http" }] });
      expect(spec("PodDisruptionBudget")).toMatchObject({ selector: { matchLabels: labels }, minAvailable: 1 });
      const secret = resources.find(({ kind }) => kind === "Secret")?.metadata.name;
      expect(spec("Deployment")).toMatchObject({
        selector: { matchLabels: labels },
        strategy: { type: "Recreate" },
        template: {
          metadata: { labels },
          spec: {
            enableServiceLinks: false,
            containers: [
              {
                image: "registry.example.com/cordwood:0.1.0",
                envFrom: [{ secretRef: { name: secret } }],
                ports: [{ name: "http", containerPort: 3000 }],
                startupProbe: { httpGet: { path: "/healthz", port: "http" } },
                livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
                readinessProbe: { httpGet: { path: "/readyz?for=reading", port: "http" } },
                securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
              },
            ],
          },
        },
      });
    },
  );

  test("given the variables of its example, then Cordwood takes them", () => {
    const example = exampleOf("kubernetes/cordwood.env.example");
    const own = Object.keys(example).filter((name) => !name.startsWith("AWS_"));
    expect(own.filter((name) => !VARIABLES.includes(name))).toEqual([]);
    expect(readConfig(example).segments).toMatchObject({ bucket: { bucket: "logs", prefix: "cordwood" } });
  });
});

test("given the Containerfile, then what it copies is there, and it ends as somebody else than root", () => {
  const lines = read("Containerfile").replaceAll("\\\n", " ").split("\n");
  const stages = lines.flatMap((line) => /^FROM .* AS (\w+)/.exec(line)?.[1] ?? []);
  for (const line of lines) {
    const [, from, sources = ""] = /^COPY (?:--from=(\w+) )?(.+) \S+$/.exec(line) ?? [];
    if (from !== undefined) expect(stages).toContain(from);
    else
      for (const source of sources.split(" ").filter((one) => one !== ""))
        expect(readdirSync(path.dirname(source) || ".")).toContainEqual(
          source === "." ? expect.anything() : path.basename(source),
        );
  }
  expect(lines.filter((line) => line.startsWith("USER "))).toEqual(["USER 1000:1000"]);
  expect(lines.findLast((line) => line.startsWith("ENTRYPOINT"))).toContain("cordwood.mjs");
});
