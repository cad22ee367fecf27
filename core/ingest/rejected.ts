/** Why an entry is rejected, for its sender. Thrown below normalise only: entries are mostly good. */
export class Rejected extends Error {}
