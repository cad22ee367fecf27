/** The `service` of a configuration for all services that have none of their own. */
export const EVERY_SERVICE = "*";
