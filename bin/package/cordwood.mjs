#!/usr/bin/env node
// The command of the installed package. Plain JavaScript without dependencies: it says what is missing where nothing else could.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PROGRAMS } from "./programs.mjs";

const OLDEST_NODE = [20, 9];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const called = process.cwd();

/** Paths in variables are meant from where the command was called. */
const PATHS = [
  "CORDWOOD_DATA_DIR",
  "CORDWOOD_SEGMENTS",
  "CORDWOOD_TLS_CERT",
  "CORDWOOD_TLS_KEY",
  "CORDWOOD_TLS_CLIENT_CA",
];

function end(message, code) {
  (code === 0 ? process.stdout : process.stderr).write(`${message}\n`);
  process.exit(code);
}

function help() {
  const width = Math.max(...Object.keys(PROGRAMS).map((name) => name.length));
  const lines = Object.entries(PROGRAMS).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`);
  return ["cordwood [WORD] [options]", ...lines, "cordwood WORD --help says more; --version prints the version."].join(
    "\n",
  );
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  end(`Cordwood needs Node.js ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}.`, 1);
}
const [first = "start", ...rest] = process.argv.slice(2);
if (first === "--help" || first === "-h") end(help(), 0);
if (first === "--version") end(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).version, 0);
const program = Object.hasOwn(PROGRAMS, first) ? PROGRAMS[first] : null;
if (program === null) end(`There is no "${first}".\n\n${help()}`, 2);

process.env.NODE_ENV ??= "production";
process.env.INIT_CWD = called;
process.env.CORDWOOD_DATA_DIR ||= ".cordwood";
for (const name of PATHS) {
  const value = process.env[name];
  if (value && !/^[a-z][a-z0-9+.-]+:\/\//i.test(value)) process.env[name] = path.resolve(called, value);
}
process.argv.splice(2, process.argv.length, ...rest);
const file = path.join(root, "programs", `${program.file}.mjs`);
if (!existsSync(file)) end("This is the project, not its package: use npm start, npm run backup and so on.", 2);
// Next.js and the migrations are found from here.
process.chdir(root);
await import(pathToFileURL(file).href);
