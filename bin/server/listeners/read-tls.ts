import { readFileSync } from "node:fs";
import tls from "node:tls";
import { StartError } from "@/bin/server/start-error";
import type { TlsFiles } from "@/core/config";
import { reasonOf } from "@/core/errors";

/**
 * The certificate and key of a server, checked. With certificates of clients only those that they signed are let in.
 * @throws StartError for files that can't be read or don't belong together
 */
export function readTls({ cert, key, clientCa }: TlsFiles): tls.TlsOptions {
  const clients =
    clientCa === null
      ? {}
      : { ca: readPem("CORDWOOD_TLS_CLIENT_CA", clientCa), requestCert: true, rejectUnauthorized: true };
  const options: tls.TlsOptions = {
    cert: readPem("CORDWOOD_TLS_CERT", cert),
    key: readPem("CORDWOOD_TLS_KEY", key),
    minVersion: "TLSv1.2",
    ...clients,
  };
  try {
    tls.createSecureContext(options);
  } catch (error) {
    throw new StartError(`CORDWOOD_TLS_CERT and CORDWOOD_TLS_KEY can't be used: ${reasonOf(error)}.`);
  }
  return options;
}

function readPem(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartError(`${variable} must be a file in PEM format that can be read (${reasonOf(error)}).`);
  }
}
