/** The connection broke while committing: writing again could count twice, so the sender decides, with its Idempotency-Key. */
export class CommitUnknown extends Error {
  readonly code = "08007";

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}
