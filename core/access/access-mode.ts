/** `local`: open to this machine; `locked`: only set-up is there; `accounts`: to those who have one, or a key (ADR 11). */
export type AccessMode = "local" | "locked" | "accounts";
