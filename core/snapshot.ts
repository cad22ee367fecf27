/** Of a transaction that only reads, and whose statements all see the same state of the database. */
export const ONE_SNAPSHOT = { accessMode: "read only", isolationLevel: "repeatable read" } as const;
