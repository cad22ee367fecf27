/** A reason not to start, in one sentence for the user. */
export class StartError extends Error {}
