import { z } from "zod";
import { isBigint } from "@/core/bigint-text";
import { LIMITS } from "@/core/limits";
import { microsOfIso } from "@/core/micros";
import { oneOf } from "@/core/one-of";
import { ATTRIBUTE_FORMS } from "@/core/search/entry-json";
import { SERVICE_ORDERS } from "@/core/stats/schemas";
import { timeRangeSchema } from "@/core/stats/time-range";
import { storableText } from "@/core/storable-text";
import { dateTimeField } from "@/core/time-fields";
import { wholeNumber } from "@/core/whole-number";

export const timeRangeParameter = timeRangeSchema.default("1h");

/** A point in time; inclusive or exclusive as the route says. */
export const timeParameter = dateTimeField.transform((text) => new Date(text));

/** The same to the microsecond, as entries have it: since 1970. */
export const microsParameter = dateTimeField.transform(microsOfIso);

export const idParameter = z
  .string("id is required")
  .regex(/^\d{1,15}$/, "must be a number")
  .transform(Number);

/** A signed 64-bit number, as text. */
export const patternId = z
  .string("must be the id of a pattern, as text")
  .refine(isBigint, "must be the id of a pattern");

/** Of a user: of any form that the access library gives them. */
export const opaqueIdParameter = z.string("id is required").regex(/^[\w-]{1,64}$/, "must be the id of a user");

export const uuidParameter = z.uuid("must be a UUID");

/** Part of a name, in any case of letters; empty for all. */
export const searchParameter = storableText(LIMITS.serviceCharacters).default("");

/** Which part of a list an answer has. @param most rows that one may ask for @param usual rows of an answer when nobody says how many */
export const pageParameters = (most: number, usual = most) => ({
  limit: wholeNumber(1, most).default(usual),
  offset: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0),
});

/** The same of a list that can be searched. */
export const searchedPageParameters = (most: number, usual = most) => ({
  search: searchParameter,
  ...pageParameters(most, usual),
});

/** Which services an answer has, and in which order. */
export const servicesParameters = {
  search: searchParameter,
  sort: oneOf(SERVICE_ORDERS).default("attention"),
};

/** How entries stand in the answer, and how much of them; `attributes=text` is for who must not lose a digit to a JSON parser. */
export const entryParameters = {
  attributes: z.enum(ATTRIBUTE_FORMS, "must be json or text").default("json"),
  fields: z
    .string()
    .transform((text) => text.split(","))
    .refine((fields) => fields.length <= LIMITS.fields, `may have ${LIMITS.fields} names`)
    .refine((fields) => fields.every((field) => field !== ""), "must be names with a comma between them")
    .refine(
      (fields) => fields.every((field) => field.length <= LIMITS.fieldPathCharacters),
      `may have ${LIMITS.fieldPathCharacters} characters in a name`,
    )
    .optional(),
  length: wholeNumber(1, LIMITS.messageBytes).optional(),
};
