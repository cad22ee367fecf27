/** Why a request can't be served; app maps each to a status code at one place. */
export type FaultKind =
  | "invalid"
  | "unauthorised"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_large"
  | "unsupported"
  | "timed_out"
  | "too_busy"
  | "unavailable";

/**
 * What core throws when the caller has to be told. The message is written for that caller: what was wrong and where.
 * Told apart by `isFault`, not by instanceof: the server and each route bundle hold their own copy of this class.
 */
export class Fault extends Error {
  readonly cordwoodFault = true;

  constructor(
    readonly kind: FaultKind,
    message: string,
    /** Sent beside the message, such as the list of rejected entries. */
    readonly data?: unknown,
    /** For too_busy and unavailable: seconds after which a retry makes sense. */
    readonly retryAfterSeconds = 1,
  ) {
    super(message);
    this.name = "Fault";
  }
}

/** Whether it says what was wrong with what was asked, or why it can't be done now. */
export function isFault(error: unknown): error is Fault {
  return error instanceof Error && "cordwoodFault" in error;
}

/** What anything that was thrown says of itself. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Throws what went wrong with things of which each was done whatever became of the others.
 * @throws the error, or an AggregateError, whose cause is the first, when there are several
 */
export function throwAny(errors: readonly unknown[]): void {
  if (errors.length > 1) throw new AggregateError(errors, errors.map(reasonOf).join("; "), { cause: errors[0] });
  if (errors.length > 0) throw errors[0];
}

export const invalid = (message: string, data?: unknown) => new Fault("invalid", message, data);
/** One field of a form or a body is wrong; `data.fields` lets a form show it in its place. @param problem completes "field ..." */
export const invalidField = (field: string, problem: string) =>
  invalid(`${field} ${problem}`, { fields: { [field]: problem } });
/** Nobody that is known. */
export const unauthorised = (message: string) => new Fault("unauthorised", message);
/** Known, but not enough. */
export const forbidden = (message: string) => new Fault("forbidden", message);
export const conflict = (message: string) => new Fault("conflict", message);
export const notFound = (message: string) => new Fault("not_found", message);
export const tooLarge = (message: string) => new Fault("too_large", message);
export const unsupported = (message: string) => new Fault("unsupported", message);
export const tooBusy = (message: string, retryAfterSeconds?: number) =>
  new Fault("too_busy", message, undefined, retryAfterSeconds);
export const unavailable = (message: string, retryAfterSeconds?: number) =>
  new Fault("unavailable", message, undefined, retryAfterSeconds);
