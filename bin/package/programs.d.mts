export const PROGRAMS: Readonly<Record<string, { file: string; about: string }>>;
