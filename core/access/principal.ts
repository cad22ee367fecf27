import type { KeyScope, Role } from "./roles";

/** Somebody at the machine itself, while there is no account (ADR 11). */
export type LocalPrincipal = { kind: "local" };

export type UserPrincipal = {
  kind: "user";
  id: string;
  name: string;
  email: string;
  role: Role;
  sessionId: string;
};

export type KeyPrincipal = {
  kind: "key";
  /** "environment" for the key of CORDWOOD_API_KEY. */
  id: string;
  name: string;
  scopes: readonly KeyScope[];
  /** That it may write; null: all. */
  services: readonly string[] | null;
};

/** On whose behalf a request comes. */
export type Principal = LocalPrincipal | UserPrincipal | KeyPrincipal;
