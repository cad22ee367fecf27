/**
 * What the API takes for an input of a number: null where nothing stands. An input holds a text as long as what is typed ends in zeros
 * behind the point, such as 2.50.
 * @returns NaN, which is refused, for what is no number
 */
export const numberOrNull = (held: number | string | null): number | null =>
  held === "" || held === null ? null : Number(held);
