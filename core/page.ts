import { LIMITS } from "./limits";

/** Which part of a list is wanted. */
export type Page = { limit: number; offset: number };

/** Which part of what has this in its name, in any case of letters; empty: of all. */
export type SearchedPage = Page & { search: string };

/** One page of a list, and how many rows all pages have. */
export type Paged<Row> = { total: number; data: Row[] };

/** What a page of Cordwood shows of a list at first. */
export const FIRST_PAGE: SearchedPage = { search: "", limit: LIMITS.listPage, offset: 0 };
