import { z } from "zod";

/**
 * An entry as our own routes take it, for the description of the API: what is sent is read byte by byte (core/ingest/recognise), which knows other
 * loggers' names for these too. Whatever else there is becomes an attribute.
 */
export const entryBodySchema = z.looseObject({
  message: z.string(),
  service: z.string().optional(),
  level: z.string().optional(),
  timestamp: z.union([z.string(), z.number()]).optional(),
  tags: z.array(z.string()).optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
});
