/** Queries that a browser keeps, and the characters of all together: pasted lines may be long. */
const MOST_QUERIES = 50;
const MOST_CHARACTERS = 100_000;

/** @param queries the latest first. @returns the same with another one before them, each once, without the oldest when they are too many */
export function rememberQuery(queries: readonly string[], query: string): string[] {
  const asked = query.trim();
  if (asked === "" || asked.length > MOST_CHARACTERS) return [...queries];
  let characters = 0;
  return [asked, ...queries.filter((other) => other !== asked)].slice(0, MOST_QUERIES).filter((other) => {
    characters += other.length;
    return characters <= MOST_CHARACTERS;
  });
}

/** @returns those that hold what is typed, in any case of letters */
export function queriesWith(queries: readonly string[], typed: string): string[] {
  const wanted = typed.trim().toLowerCase();
  return queries.filter((query) => query !== typed.trim() && query.toLowerCase().includes(wanted));
}
