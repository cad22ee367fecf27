/** A reason not to start, in one sentence for the user. */
export class StartError extends Error {}

/** Does a part of the start. @param Unusable an error of it that says what is wrong in a sentence @throws StartError with that sentence */
export async function orStartError<Result>(
  Unusable: new (...given: never) => Error,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Unusable ? new StartError(error.message) : error;
  }
}
