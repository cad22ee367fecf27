import { z } from "zod";

/** Of the layout of a backup; readers of this version read every smaller one. */
export const BACKUP_FORMAT = 1;

/** A file of the place with its length, and its SHA-256 in hexadecimal digits. */
const fileSchema = z.object({ path: z.string(), bytes: z.number(), checksum: z.string() });
export type BackedUpFile = z.infer<typeof fileSchema>;

const tableSchema = z.object({ schema: z.string(), name: z.string() });

/** Rows of a table as COPY writes them, as text, compressed by gzip. */
const copiedTableSchema = tableSchema.extend({
  columns: z.array(z.string()),
  rows: z.number(),
  file: fileSchema,
});
export type CopiedTable = z.infer<typeof copiedTableSchema>;

/** `bound` and `partitionedBy` as PostgreSQL writes them: `FOR VALUES FROM ... TO ...`, `RANGE (...)`. */
const partitionSchema = tableSchema.extend({
  parent: z.string(),
  bound: z.string(),
  partitionedBy: z.string().nullable(),
});
export type Partition = z.infer<typeof partitionSchema>;

/** `lastValue` has as many digits as a bigint. */
const sequenceSchema = tableSchema.extend({ lastValue: z.string(), isCalled: z.boolean() });
export type Sequence = z.infer<typeof sequenceSchema>;

/** What a backup has, written when all of it is there: a backup without it is none. */
export const manifestSchema = z.object({
  format: z.number().int().min(1),
  id: z.string(),
  /** The version of Cordwood that made it. */
  cordwood: z.string(),
  postgresql: z.string(),
  /** Of the state of the database that it has. */
  takenAt: z.iso.datetime(),
  /** Of the store that the segments come from. */
  storeMark: z.string(),
  /** The migrations that the database had: their times, in their order. */
  migrations: z.array(z.number()),
  tables: z.array(copiedTableSchema),
  partitions: z.array(partitionSchema),
  sequences: z.array(sequenceSchema),
  segments: z.array(fileSchema),
  /** Segments that the database names and that could not be read. */
  unreadable: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** The file of the data folder of which keys are derived; null: it is set by the environment, or was left out. */
  secret: fileSchema.nullable(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const MANIFEST = "manifest.json";
const BACKUPS = "backups";
const SEGMENTS = "segments";

/** Where a file of a backup is in the place. @param name such as MANIFEST */
export const pathInBackup = (id: string, name: string): string => `${BACKUPS}/${id}/${name}`;

/** The backup that a path belongs to; null when it is none of a backup's own. */
export const backupOf = (path: string): string | null => /^backups\/([^/]+)\//.exec(path)?.[1] ?? null;

/** Segments are beside the backups, which share them. @param path in the store of segments */
export const pathOfSegment = (path: string): string => `${SEGMENTS}/${path}`;
