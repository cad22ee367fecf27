export const UNREADABLE_REASONS = ["missing", "damaged", "away"] as const;

/** Why a segment can't be read: it is not in the store, it is not what was stored there, or the store can't be reached or does not give it just now. */
export type UnreadableReason = (typeof UNREADABLE_REASONS)[number];

/**
 * A segment can't be read; what else is asked for may be read all the same. Told apart by `isUnreadable`, not by instanceof: the
 * server, which has the store, and each route bundle hold their own copy of this class.
 */
export class Unreadable extends Error {
  readonly cordwoodUnreadable = true;

  constructor(
    readonly reason: UnreadableReason,
    message: string,
  ) {
    super(message);
  }
}

export function isUnreadable(error: unknown): error is Unreadable {
  return error instanceof Error && "cordwoodUnreadable" in error;
}
