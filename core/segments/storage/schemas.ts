import { z } from "zod";
import { SEGMENT_PROBLEMS } from "@/db/schema/segments";

const time = z.iso.datetime();
const day = z.iso.date();

/** Rows of one page of a list, when nothing else is asked for. */
export const STORAGE_ROWS = 14;

/** One UTC day. */
export const storedDaySchema = z.object({
  day,
  /** All that are kept, and how many of them are in segments. */
  entries: z.number(),
  sealed_entries: z.number(),
  segments: z.number(),
  /** Of its segments. */
  bytes: z.number(),
  /** Segments that are missing or damaged. */
  unreadable: z.number(),
});

export const storedServiceSchema = z.object({
  service: z.string(),
  /** As they were counted, of what retention and its rules keep. Some may be gone already where it was made longer. */
  entries: z.number(),
  /** Of all of these, from 0 to 1. */
  share: z.number(),
});

/** What is stored, where, and how long there is room for it. */
export const storageSchema = z.object({
  store: z.object({
    /** A folder, or s3://bucket/prefix. */
    name: z.string(),
    reachable: z.boolean(),
    /** Why not, and since when that is known. */
    reason: z.string().nullable(),
    since: time.nullable(),
  }),
  entries: z.number(),
  /** Oldest day with entries. */
  oldest_day: day.nullable(),
  hot: z.object({
    /** Not sealed. */
    entries: z.number(),
    bytes: z.number(),
    /** Above it the oldest are sealed. */
    most_entries: z.number(),
  }),
  sealed: z.object({
    entries: z.number(),
    segments: z.number(),
    bytes: z.number(),
    /** As text, of those segments of which it is known, and how many bytes those take. */
    text_bytes: z.number(),
    text_segment_bytes: z.number(),
  }),
  /** Tables of counts, filters of segments and everything else in the database. */
  other_bytes: z.number(),
  room: z.object({
    /** Sealed, on average over the latest full days with any of which nothing has expired (seven at most); null: there is none. */
    bytes_per_day: z.number().nullable(),
    retention_days: z.number(),
    /** For how many days what came lately is kept, on average over its entries: rules of retention may say other days. */
    kept_days: z.number(),
    /** Of the setting; null: none. */
    max_bytes: z.number().nullable(),
    /** Free where the store is; null: a bucket, or not known. */
    free_bytes: z.number().nullable(),
    /** So many days fit at this rate; null: nobody knows. */
    fits_days: z.number().nullable(),
    /** When there will be no room, before retention removes as much as comes; null: never, at this rate. */
    full_at: time.nullable(),
  }),
  sealing: z.object({
    running_since: time.nullable(),
    succeeded_at: time.nullable(),
    /** Later than the success if it is told. */
    failed_at: time.nullable(),
    error: z.string().nullable(),
  }),
  problems: z.object({
    missing: z.number(),
    damaged: z.number(),
    /** The latest of them, at most LIMITS.missingSegments. */
    segments: z.array(
      z.object({
        path: z.string(),
        from: time,
        to: time,
        entries: z.number(),
        problem: z.enum(SEGMENT_PROBLEMS),
        found_at: time,
      }),
    ),
  }),
  /** A page of them, the latest first. */
  days: z.object({ total: z.number(), rows: z.array(storedDaySchema) }),
  /** A page of them, those with the most entries first. */
  services: z.object({ total: z.number(), rows: z.array(storedServiceSchema) }),
});

export type Storage = z.infer<typeof storageSchema>;
export type StoredDay = z.infer<typeof storedDaySchema>;
export type StoredService = z.infer<typeof storedServiceSchema>;
