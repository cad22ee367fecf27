const whole = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

export const formatCount = (count: number): string => whole.format(count);

/** @param rate from 0 to 1; a rate that would round to zero is said to be below what is shown */
export const formatRate = (rate: number): string => (rate > 0 && rate < 0.0005 ? "< 0.1%" : percent.format(rate));
