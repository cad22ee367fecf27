import { StartError } from "./start-error";

/** Why a socket can't be had, as a sentence. @param variable that sets its port */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number, variable: string): StartError {
  if (error.code === "EADDRINUSE")
    return new StartError(`Port ${port} on ${host} is in use: stop what uses it, or set ${variable} to another one.`);
  if (error.code === "EACCES")
    return new StartError(`Port ${port} may not be used by this user: set ${variable} to one above 1023.`);
  return new StartError(`HOST must be an address of this machine, not "${host}" (${error.message}).`);
}
