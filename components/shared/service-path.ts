/** The page of a service; its name is a parameter, because it may hold any character, slashes and dots too. */
export const servicePath = (service: string): string => `/service?name=${encodeURIComponent(service)}`;
