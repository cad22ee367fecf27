/** A noun for so many: "entry" for one of them, "entries" for none or more. */
export const nounFor = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many);
