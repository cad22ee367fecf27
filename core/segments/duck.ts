import { mkdir, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { z } from "zod";
import { codeOf } from "@/core/error-code";
import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { type TakesTurns, Turns } from "@/core/turns";

const dialect = new PgDialect();
const parameters = z.array(z.union([z.string(), z.number(), z.bigint(), z.boolean(), z.null()]));

export type DuckOptions = {
  /** Where it spills, in a folder for this process. */
  spill: string;
  /** Of the files that it may read and write. */
  folders: readonly string[];
  memoryBytes: number;
};

/** Neither in memory nor where it spills, which is bounded too, there was room. */
const isTooMuch = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith("Out of Memory Error");
const TOO_MUCH = "this takes more memory than it may have: narrow the query or its time, or group by less";

/** A thread that reads or writes a row group has its texts in memory several times: packed, unpacked, and in buffers that grow by doubling. */
const TIMES_IN_MEMORY = 8;
const LEAST_THREAD_BYTES = 64 * 1024 * 1024;

/** So many queries at once, beside those that have other turns: each uses all of the threads. */
const CONCURRENT = 2;

/**
 * DuckDB in this process, started when it is first needed: half the cores, as far as there is memory for so many, a bounded memory that
 * spills, no network, and no files but the store's.
 */
export class Duck {
  private instance: Promise<DuckDBInstance> | undefined;
  /** Also of who seals, joins and removes, which has to be done however many wait; who reads for a client asks first to be admitted. */
  readonly turns = new Turns(CONCURRENT, { most: LIMITS.waitingReads, what: "searches of what is sealed" });

  constructor(private readonly options: DuckOptions) {}

  /** Of texts in one row group: so many can be written, and read again, within the memory. They are not spilled meanwhile. */
  get rowGroupTextBytes(): number {
    const { memoryBytes } = this.options;
    return Math.min(LIMITS.blockTextBytes, Math.floor(memoryBytes / this.threads / TIMES_IN_MEMORY));
  }

  private get threads(): number {
    const half = Math.floor(os.availableParallelism() / 2);
    return Math.max(1, Math.min(half, Math.floor(this.options.memoryBytes / LEAST_THREAD_BYTES)));
  }

  /**
   * Rows as objects, in pieces of some thousand, while the query goes on. Ends the query when the signal aborts or nobody reads on.
   * @param turns of which one is kept until the last row is read; who may be slow to read on has others than those of everybody
   */
  async *stream<Row>(
    query: SQL,
    row: z.ZodType<Row>,
    signal?: AbortSignal,
    turns: TakesTurns = this.turns,
  ): AsyncGenerator<Row[]> {
    const release = await turns.take(signal);
    try {
      const connection = await this.connect();
      const interrupt = () => connection.interrupt();
      signal?.addEventListener("abort", interrupt);
      try {
        signal?.throwIfAborted();
        const { sql: text, params } = dialect.sqlToQuery(query);
        const result = await connection.stream(text, parameters.parse(params));
        const names = result.columnNames();
        const rows = z.array(row);
        for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
          signal?.throwIfAborted();
          yield rows.parse(chunk.getRowObjects(names));
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw isTooMuch(error) ? invalid(TOO_MUCH) : error;
      } finally {
        signal?.removeEventListener("abort", interrupt);
        interrupt();
        connection.closeSync();
      }
    } finally {
      release();
    }
  }

  /** All rows at once. */
  async read<Row>(query: SQL, row: z.ZodType<Row>, signal?: AbortSignal): Promise<Row[]> {
    const all: Row[] = [];
    for await (const rows of this.stream(query, row, signal)) all.push(...rows);
    return all;
  }

  close(): void {
    void this.instance?.then(
      (instance) => instance.closeSync(),
      () => undefined,
    );
    this.instance = undefined;
  }

  private async connect(): Promise<DuckDBConnection> {
    this.instance ??= this.start().catch((error: unknown) => {
      this.instance = undefined;
      throw error;
    });
    const instance = await this.instance;
    return instance.connect();
  }

  private async start(): Promise<DuckDBInstance> {
    const { spill, folders, memoryBytes } = this.options;
    await removeLeftOvers(spill);
    const own = path.join(spill, String(process.pid));
    await mkdir(own, { recursive: true });
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(this.threads),
      memory_limit: `${Math.floor(memoryBytes / 1024)}KiB`,
      temp_directory: own,
      // What a query has freed goes back to the system, of which it else keeps up to 128 MiB.
      allocator_flush_threshold: "8MiB",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    try {
      const allowed = [own, ...folders].map((folder) => quoted(`${folder}/`)).join(", ");
      await connection.run("set global parquet_metadata_cache = true");
      await connection.run(`set allowed_directories = [${allowed}]`);
      await connection.run("set enable_external_access = false");
      await connection.run("set lock_configuration = true");
    } finally {
      connection.closeSync();
    }
    return instance;
  }
}

/** What processes that were killed have left behind. */
async function removeLeftOvers(spill: string): Promise<void> {
  await mkdir(spill, { recursive: true });
  for (const name of await readdir(spill)) {
    if (!isRunning(Number(name))) await rm(path.join(spill, name), { recursive: true, force: true });
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // It is somebody else's.
    return codeOf(error) === "EPERM";
  }
}

/** A piece of a statement with its parameters, as a text by which it is known. */
export function textOf(piece: SQL): string {
  const { sql: text, params } = dialect.sqlToQuery(piece);
  return `${text} ${JSON.stringify(params)}`;
}

/** A moment. @param micros since 1970 */
export const timestampOf = (micros: number): SQL => sql`make_timestamp(${micros}::bigint)`;

/** A text as it stands in a statement, where no parameter can be: names of files. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as it stands in a statement. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The entries of Parquet files, as a table. */
export const entriesOf = (files: readonly string[]): SQL => sql.raw(`read_parquet([${files.map(quoted).join(", ")}])`);

/** No text that PostgreSQL has stored has it. */
const BETWEEN = "\0";

/** Columns as one text a row, because what each value of each row costs on its way out of DuckDB is most of what reading costs. None may be null. */
export const joinedColumns = (columns: string): SQL => sql.raw(`concat_ws(chr(0), ${columns})`);

/** The values of such a text. */
export const valuesOfJoined = (text: string): string[] => text.split(BETWEEN);
