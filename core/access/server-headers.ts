/** Headers in which the server tells its routes and pages of a request, after it removed what the sender had put there. */
export const SERVER_HEADERS = {
  /** Of the client, through trusted proxies. */
  address: "x-cordwood-client-address",
  /** That the page's scripts carry. */
  nonce: "x-cordwood-nonce",
  /** Path and parameters. */
  path: "x-cordwood-path",
} as const;
