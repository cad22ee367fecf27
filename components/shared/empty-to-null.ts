/** What the API takes for an input in which nothing stands. */
export const emptyToNull = <Value>(value: Value): Value | null => (value === "" ? null : value);
