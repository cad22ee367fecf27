/** Path of an incident's page. */
export const incidentPath = (id: number): string => `/alerts/incident?id=${id}`;
