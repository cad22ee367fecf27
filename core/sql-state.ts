/**
 * The SQLSTATE (PostgreSQL's documentation, "Error Codes") or the system's code, such as ECONNREFUSED, of what failed.
 * Drizzle wraps what PostgreSQL says, so the causes are looked through too. Null for an error without a code.
 */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const ofCause = sqlStateOf(error.cause);
  if (ofCause !== null) return ofCause;
  return "code" in error && typeof error.code === "string" ? error.code : null;
}
