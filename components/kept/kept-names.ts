/**
 * What a browser keeps of how it shows pages, and the cookies it keeps it in: cookies, because with them the server renders a page as
 * it will be, and nothing jumps.
 */
export const KEPT_COOKIES = {
  /** Where the server listened when the banner about accounts was put away. */
  bannerPutAway: "cordwood_banner_put_away",
} as const;

export type KeptName = keyof typeof KEPT_COOKIES;

export type Kept = Readonly<Record<KeptName, string | null>>;
