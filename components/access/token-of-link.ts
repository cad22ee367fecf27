/** What stands behind # in the address: links carry their token there, where no server and no log sees it. */
export const tokenOfLink = (): string => window.location.hash.slice(1);
