import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { onlyStorable } from "@/core/storable-text";

/** A service that is asked for or configured; messages complete "service ...". */
export const serviceNameSchema = onlyStorable(z.string("is required"))
  .refine((name) => name.trim() !== "", "must not be empty")
  .refine(
    (name) => [...name].length <= LIMITS.serviceCharacters,
    `must have at most ${LIMITS.serviceCharacters} characters`,
  );
