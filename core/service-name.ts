import { z } from "zod";
import { LIMITS } from "@/core/limits";

/** A service that is asked for or configured; messages complete "service ...". PostgreSQL can't hold a NUL character, so it is in no name. */
export const serviceNameSchema = z
  .string("is required")
  .refine((name) => name.trim() !== "", "must not be empty")
  .refine(
    (name) => [...name].length <= LIMITS.serviceCharacters,
    `must have at most ${LIMITS.serviceCharacters} characters`,
  )
  .refine((name) => !name.includes("\0"), "must not hold the NUL character");
