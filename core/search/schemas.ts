import { z } from "zod";
import { LEVELS } from "@/core/levels";

export const entrySchema = z.object({
  id: z.string(),
  timestamp: z.iso.datetime(),
  service: z.string(),
  level: z.enum(LEVELS),
  message: z.string(),
  tags: z.array(z.string()).nullable(),
  attributes: z.unknown(),
});

export type Entry = z.infer<typeof entrySchema>;
