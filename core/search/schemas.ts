import { z } from "zod";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { completenessSchema } from "@/core/segments/schemas";
import { firstCharacters, lengthOf } from "./first-characters";
import { otherReadingSchema, readingSchema } from "./query/reading-schemas";

const time = z.iso.datetime();

/** What was not asked for is null. */
export const entrySchema = z.object({
  /** Microseconds since 1970, a dash and a number: by its time an entry is found without an index of numbers. */
  id: z.string(),
  timestamp: time,
  service: z.string(),
  level: z.enum(LEVELS),
  message: z.string(),
  /** Id of the message's pattern; null for a line of info or debug that came before these had any. */
  pattern: z.string().nullable().default(null),
  tags: z.array(z.string()).nullable().default(null),
  /** JSON text, which keeps the digits of numbers and the order of members. */
  attributes: z.string().nullable().default(null),
  /** Characters of what is not whole here, because less was asked for. */
  cut: z.object({ message: z.number().optional(), attributes: z.record(z.string(), z.number()).optional() }).optional(),
});

/** As the API answers: attributes are JSON, or with `attributes=text` its text. */
export const sentEntrySchema = entrySchema.extend({
  attributes: z
    .union([z.record(z.string(), z.unknown()), z.string()])
    .nullable()
    .default(null),
});

/** Of lists that show no attributes. */
export const listedEntrySchema = entrySchema.omit({ attributes: true });

/** As lists show it. */
export function listedEntryOf({ attributes: _attributes, ...entry }: z.infer<typeof entrySchema>): ListedEntry {
  const message = firstCharacters(entry.message, LIMITS.listedCharacters);
  if (message === entry.message) return entry;
  return { ...entry, message, cut: { message: entry.cut?.message ?? lengthOf(entry.message) } };
}

export const searchResultSchema = completenessSchema.extend({
  /** Newest first. */
  entries: z.array(entrySchema),
  /** Gives what comes after; null when there is no more. */
  next_cursor: z.string().nullable(),
  /** Everything from here on has been looked at. */
  searched_until: time,
  /** The time was up before the page was full: `next_cursor` goes on. */
  timed_out: z.boolean(),
  /** Of the time that it took, what it waited for others that look through entries, in ms. */
  waited_ms: z.number(),
});

export const nothingFoundSchema = z.object({
  /** What stands next to one another in the query, and whether it finds something by itself in that time; null: unknown. */
  parts: z.array(z.object({ text: z.string(), finds: z.boolean().nullable() })),
  /** Queries near it that find something in that time. */
  instead: z.array(otherReadingSchema),
  /** Of what the query finds before and after that time. */
  newest_before: time.nullable(),
  newest_after: time.nullable(),
  /** False: the time was up before all was looked at. */
  is_complete: z.boolean(),
});

/** What GET /api/logs answers. */
export const searchAnswerSchema = searchResultSchema.extend({
  /** The query that was searched for: `q`, or that for which a pasted line was taken. */
  query: z.string(),
  readings: z.array(readingSchema),
  /** Null when something was found, when the time was up, and for later pages. */
  nothing_found: nothingFoundSchema.nullable(),
});

export const entryContextSchema = completenessSchema.extend({
  entry: entrySchema,
  /** Of the same service, the nearest first. */
  before: z.array(entrySchema),
  after: z.array(entrySchema),
  /** The time was up before all of them were found. */
  timed_out: z.boolean(),
});

export const facetSchema = z.object({
  name: z.string(),
  /** That have it; null where its values were not counted, as nearly every one differs: they can be searched. */
  entries: z.number().nullable(),
  /** Null: more than LIMITS.facetValues, some of them too long, or not counted. */
  different: z.number().nullable(),
  /** Some are too long to be among the values. */
  has_longer: z.boolean(),
  /** The most frequent first; of more than LIMITS.facetValues those that certainly come more often than any other. */
  values: z.array(z.object({ value: z.string(), count: z.number() })),
  /** Where all are numbers, and many different ones: how many lie from `from` to before `to`. */
  numbers: z
    .object({
      least: z.number(),
      greatest: z.number(),
      bars: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })),
    })
    .nullable(),
});

export const facetsSchema = completenessSchema.extend({
  /** Entries whose values are counted. */
  sampled: z.number(),
  /** They are all that the query selects. */
  is_all: z.boolean(),
  fields: z.array(facetSchema),
});

export const histogramSchema = completenessSchema.extend({
  from: time,
  to: time,
  bucket_seconds: z.number(),
  buckets: z.array(z.object({ timestamp: time, count_by_level: z.record(z.enum(LEVELS), z.number()) })),
  total_count: z.number(),
  /** The time was up: buckets before this were not counted. */
  counted_from: time,
});

export type ListedEntry = z.infer<typeof listedEntrySchema>;
export type Entry = z.infer<typeof entrySchema>;
export type SearchResult = z.infer<typeof searchResultSchema>;
export type NothingFound = z.infer<typeof nothingFoundSchema>;
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;
export type EntryContext = z.infer<typeof entryContextSchema>;
export type Facet = z.infer<typeof facetSchema>;
export type Facets = z.infer<typeof facetsSchema>;
export type Histogram = z.infer<typeof histogramSchema>;
