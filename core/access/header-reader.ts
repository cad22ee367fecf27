/** The headers of a request, asked by their names in small letters: what the web's Headers and our own server's have in common. */
export type HeaderReader = { get(name: string): string | null };
