/** Where something is sent, as far as it matters to who may know its secret. */
type Destination = { channel: string; format: string; target: string };

/**
 * Whether a secret that was meant for one place may go to another: who may change an alert must not learn what is stored by having it
 * sent elsewhere, or in a form in which it can be read.
 */
export const isSameDestination = (one: Destination, other: Destination): boolean =>
  one.channel === other.channel && one.format === other.format && originOf(one.target) === originOf(other.target);

const originOf = (target: string): string => (URL.canParse(target) ? new URL(target).origin : target);
