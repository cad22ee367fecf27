/**
 * What a browser keeps of how it shows pages, and the cookies it keeps it in: cookies, because with them the server renders a page as
 * it will be, and nothing jumps.
 */
export const KEPT_COOKIES = {
  /** Where the server listened when the banner about accounts was put away. */
  bannerPutAway: "cordwood_banner_put_away",
  /** "UTC", or "own" for the browser's. */
  timeZone: "cordwood_time_zone",
  /** The browser's, by IANA's name. */
  ownTimeZone: "cordwood_own_time_zone",
} as const;

export type KeptName = keyof typeof KEPT_COOKIES;

export type Kept = Readonly<Record<KeptName, string | null>>;

/** @param cookieOf gives the value of a cookie, undefined for none */
export const readKept = (cookieOf: (cookie: string) => string | undefined): Kept => ({
  bannerPutAway: cookieOf(KEPT_COOKIES.bannerPutAway) ?? null,
  timeZone: cookieOf(KEPT_COOKIES.timeZone) ?? null,
  ownTimeZone: cookieOf(KEPT_COOKIES.ownTimeZone) ?? null,
});
