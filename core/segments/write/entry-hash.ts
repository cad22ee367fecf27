import { type SQL, sql } from "drizzle-orm";

/**
 * One text of all columns of an entry, the same in PostgreSQL and in DuckDB. Its MD5 (RFC 1321) tells whether an entry came over
 * unchanged; the sum of the lower 64 bits over all entries does so for a file, in whatever order.
 */
const TEXT = "concat_ws('|', id, micros, service, level, message, pattern, array_to_string(tags, ','), attributes)";

/** How long an entry is as text, in UTF-8, with a time such as 2026-01-31T09:30:00.000000Z: what it is without any store around it. */
const TEXT_BYTES = `27 + strlen(service) + strlen(level) + strlen(message) + coalesce(strlen(array_to_string(tags, ',')), 0)
  + coalesce(strlen(attributes), 0)`;

/** For PostgreSQL, over a subquery with these columns. */
export const ENTRY_MD5 = `md5(${TEXT})`;

/** The same in DuckDB, summed over its entries. */
export const contentSumOf = (entries: SQL): SQL => sql`
  select count(*) as rows, coalesce(sum(md5_number_lower(${sql.raw(TEXT)})), 0)::varchar as sum,
    coalesce(sum(${sql.raw(TEXT_BYTES)}), 0)::bigint as "textBytes"
  from (select *, epoch_us("timestamp") as micros from ${entries})`;

/** Adds up the lower 64 bits of MD5s that are written as hexadecimal digits. */
export class ContentSum {
  private high = 0n;
  private highPart = 0;
  private low = 0n;
  private lowPart = 0;
  private added = 0;

  /** @param at where the 32 digits begin */
  add(digits: Buffer, at: number): void {
    // DuckDB takes the last eight bytes as a number whose first byte is the least.
    this.highPart += swappedAt(digits, at + 24);
    this.lowPart += swappedAt(digits, at + 16);
    // Sums of so many halves are still whole numbers.
    if (++this.added % 1_000_000 === 0) this.carry();
  }

  private carry(): void {
    this.high += BigInt(this.highPart);
    this.low += BigInt(this.lowPart);
    this.highPart = 0;
    this.lowPart = 0;
  }

  toString(): string {
    this.carry();
    return ((this.high << 32n) + this.low).toString();
  }
}

/** Values of hexadecimal digits, in lower case. */
const DIGITS = new Uint8Array(128).map((_, byte) => (byte >= 0x61 ? byte - 0x57 : byte - 0x30));

/** The number of four bytes, the least first, that are written as eight digits. */
function swappedAt(digits: Buffer, at: number): number {
  let number = 0;
  for (let place = at + 6; place >= at; place -= 2) {
    number =
      (number << 8) |
      ((DIGITS[digits[place] as number] as number) << 4) |
      (DIGITS[digits[place + 1] as number] as number);
  }
  return number >>> 0;
}
