/** What the minutes of one incident have in common; `pattern` is null but for the kind of that name. */
export type Subject = { service: string; kind: "error" | "warning" | "pattern"; pattern: string | null };
