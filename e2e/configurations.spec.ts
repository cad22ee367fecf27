import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { SENDERS } from "@/core/senders/senders";
import { targetOf } from "@/core/senders/target";
import { programOfDebian } from "./debian";
import { Rsyslog } from "./rsyslog";
import { SenderServer } from "./sender-server";
import { expect, test } from "./test";

/** What the page "How do you log?" shows is pasted as it is, and run. */

const server = new SenderServer({ CORDWOOD_SYSLOG_PORT: "0" });
const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-configurations-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = promisify(execFile);
const entriesOf = (service: string) => expect.poll(() => server.entriesOf(service), { timeout: 30_000 });

/** The part of a sender's configuration with a title. @param service that it says */
function partOf(id: string, title: string, service: string, ports?: { syslog: number }): string {
  const to = targetOf(server.url, { key: server.key, service, ports });
  const parts = SENDERS.find((sender) => sender.id === id)?.configure(to) ?? [];
  const part = parts.find((one) => one.title === title);
  if (!part) throw new Error(`${id} has no ${title}, but ${parts.map((one) => one.title)}`);
  return part.text;
}

/** As a program of its own, which finds the project's packages. */
const runJavaScript = (text: string) => run(process.execPath, ["--input-type=module", "--eval", text]);

test("given curl and JavaScript without a library, then what they send is found", async () => {
  await run("bash", ["-c", partOf("curl", "In a shell", "by-curl")]);
  await runJavaScript(partOf("javascript", "JavaScript", "by-fetch"));
  await entriesOf("by-curl").toMatchObject([{ level: "error", message: "card declined", attributes: { order: 42 } }]);
  await entriesOf("by-fetch").toMatchObject([{ level: "info", message: "order placed", attributes: { order: 42 } }]);
});

test("given pino and winston, then what they log is found with level and fields", async () => {
  await runJavaScript(partOf("node-pino", "JavaScript", "by-pino"));
  await runJavaScript(partOf("node-winston", "JavaScript", "by-winston"));
  for (const service of ["by-pino", "by-winston"])
    await entriesOf(service).toMatchObject([{ level: "warning", message: "card declined", attributes: { order: 42 } }]);
});

test("given Python's logging, then what it logs is found, and the program ends", async () => {
  const python = programOfDebian("python3", ["python3"]);
  test.skip(python === null, "Python can't be installed here");
  await run(python ?? "", ["-c", partOf("python", "Python", "by-python")]);
  await entriesOf("by-python").toMatchObject([
    { level: "warning", message: "card declined", attributes: { logger: "root" } },
  ]);
});

test("given rsyslog, then what the system logs is found", async () => {
  const [rsyslogd, logger] = [programOfDebian("rsyslogd", ["rsyslog"]), programOfDebian("logger", ["bsdutils"])];
  test.skip(rsyslogd === null || logger === null, "rsyslog can't be installed here");
  const syslog = Number(/^syslog_tcp listens on .*:(\d+)$/m.exec(server.output)?.[1]);
  const rsyslog = new Rsyslog(rsyslogd ?? "");
  await rsyslog.start(partOf("rsyslog", "/etc/rsyslog.d/cordwood.conf", "any", { syslog }));
  spawnSync(logger ?? "", ["-u", rsyslog.socket, "-t", "by-rsyslog", "-p", "user.err", "card declined"]);
  await entriesOf("by-rsyslog").toMatchObject([{ level: "error", message: "card declined" }]);
  await rsyslog.remove();
});

test("given a file, by curl and by Cordwood's own program, then its lines are found", async () => {
  writeFileSync(path.join(folder, "app.log"), "ERROR card declined\n");
  await run("bash", ["-c", partOf("file", "Once, without the program", "by-upload")], { cwd: folder });
  const command = partOf("file", "Go on with what is written", "by-send")
    .replace("npm run send --", `${process.execPath} --import tsx bin/send.ts --places ${folder}/places`)
    .replace("--follow /var/log/by-send", path.join(folder, "app.log"));
  await run("bash", ["-c", command]);
  for (const service of ["by-upload", "by-send"])
    await entriesOf(service).toMatchObject([{ level: "error", message: "ERROR card declined" }]);
});
