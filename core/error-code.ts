/** What PostgreSQL says by a code (its documentation, "Error Codes"). */
export const SQL_STATES = {
  divisionByZero: "22012",
  foreignKeyViolation: "23503",
  uniqueViolation: "23505",
  diskFull: "53100",
  /** A time that the database gives a statement was over, or somebody ended it. */
  queryCanceled: "57014",
  /** Also what Citus says for a worker. */
  internalError: "XX000",
} as const;

/**
 * The SQLSTATE (PostgreSQL's documentation, "Error Codes") or the system's code, such as ECONNREFUSED, of what failed.
 * Drizzle wraps what PostgreSQL says, so the causes are looked through too. Null for an error without a code.
 */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const ofCause = codeOf(error.cause);
  if (ofCause !== null) return ofCause;
  return "code" in error && typeof error.code === "string" ? error.code : null;
}
