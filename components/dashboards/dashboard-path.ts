/** The page of a dashboard that is stored. */
export const dashboardPath = (id: number): string => `/dashboards/dashboard?id=${id}`;

/** The page of one that comes with Cordwood. */
export const builtInPath = (name: string): string => `/dashboards/built-in?name=${encodeURIComponent(name)}`;
