import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { addMs, systemClock } from "@/core/clock";
import { readConfig } from "@/core/config";
import { reasonOf } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { isoOfMicros } from "@/core/micros";
import { nounFor } from "@/core/noun";
import { exportLogs } from "@/core/search/export/export-logs";
import { EXPORT_FORMATS } from "@/core/search/export/formats";
import { parseQuery } from "@/core/search/query/parse";
import { listSegmentsAfter } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import type { EntriesContext } from "@/core/segments/segments";
import { verifySegments } from "@/core/segments/verify-segments";
import { fromCaller } from "./from-caller";
import { withInstallation } from "./installation";
import { readArguments } from "./options";

const { options, operands } = readArguments(
  "npm run segments --",
  "Looks after what is sealed, beside a running Cordwood or without one: list the files, verify their checksums, export entries.",
  {
    from: { type: "string", value: "TIME", about: "list and export: from this time on, such as 2026-01-31T09:30:00Z" },
    to: { type: "string", value: "TIME", about: "list and export: before this time" },
    q: { type: "string", value: "QUERY", about: "export: what is wanted, in the query language (default all)" },
    format: { type: "string", value: "FORMAT", about: "export: ndjson or csv (default ndjson)" },
    output: { type: "string", value: "FILE", about: "export: where to (default standard output)" },
  },
  {
    name: "list|verify|export",
    about: "what to do; verify ends with 1 when a file is missing or damaged, export when one could not be read",
  },
);

const time = z.iso
  .datetime({ offset: true, error: "--from and --to must be times such as 2026-01-31T09:30:00Z" })
  .transform((text) => new Date(text));

const askedSchema = z.object({
  command: z.enum(["list", "verify", "export"], "say list, verify or export; --help tells more"),
  from: time.default(new Date(0)),
  to: time.default(addMs(systemClock.now(), LIMITS.futureMs)),
  q: z.string().default(""),
  format: z.enum(EXPORT_FORMATS, "--format must be ndjson or csv").default("ndjson"),
  output: z.string().optional(),
});

type Asked = z.infer<typeof askedSchema>;

const BATCH = 500;

async function list({ db, segments }: EntriesContext, { from, to }: Asked): Promise<number> {
  let [after, files, entries, bytes] = [0, 0, 0, 0];
  console.log(["from", "to", "entries", "bytes", "state", "path"].join("\t"));
  for (let isMore = true; isMore; ) {
    const batch = await listSegmentsAfter(db, after, BATCH);
    for (const { id, path: name, firstMicros, lastMicros, rows, hiddenRows, bytes: size, problem } of batch) {
      after = id;
      if (lastMicros < from.getTime() * 1_000 || firstMicros >= to.getTime() * 1_000) continue;
      files++;
      entries += rows - hiddenRows;
      bytes += size;
      console.log(
        [isoOfMicros(firstMicros), isoOfMicros(lastMicros), rows - hiddenRows, size, problem ?? "ok", name].join("\t"),
      );
    }
    isMore = batch.length === BATCH;
  }
  console.error(
    `${files} ${nounFor(files, "segment")}, ${entries} ${nounFor(entries, "entry", "entries")}, ${bytes} bytes in ${segments.store.name}`,
  );
  return 0;
}

async function verify(context: EntriesContext): Promise<number> {
  let [files, bad] = [0, 0];
  for await (const { segment, said } of verifySegments(context)) {
    files++;
    if (said === null) continue;
    bad++;
    console.log(`${segment.path}: ${said}`);
  }
  console.error(`${files} ${nounFor(files, "segment")} verified, ${bad} missing or damaged`);
  return bad === 0 ? 0 : 1;
}

async function exportEntries(context: EntriesContext, { q, from, to, format, output }: Asked): Promise<number> {
  const missing = new Missing();
  const pieces = Readable.from(
    exportLogs(context, { query: parseQuery(q), from, to }, format, { idleMs: null, missing }),
  );
  await pipeline(pieces, output === undefined ? process.stdout : createWriteStream(fromCaller(output)));
  if (missing.isNothing) return 0;
  const { missing_segments: named, missing_count: count } = missing.told();
  for (const { path: name, reason } of named) console.error(`${name} is ${reason}`);
  console.error(`${count} ${nounFor(count, "segment")} could not be read: the export has nothing of what is in there`);
  return 1;
}

async function run(): Promise<number> {
  const asked = askedSchema.parse({ ...options, command: operands[0] });
  const works = { list, verify, export: exportEntries };
  return withInstallation(readConfig(process.env), (context) => works[asked.command](context, asked));
}

run().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof z.ZodError) console.error(error.issues[0]?.message);
    else console.error(reasonOf(error));
    process.exitCode = 2;
  },
);
