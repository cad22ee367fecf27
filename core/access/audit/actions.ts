/** What is recorded, by the words that the audit page shows. */
export const AUDIT_ACTIONS = [
  "account.set_up",
  "session.sign_in",
  "session.sign_in_failed",
  "session.sign_out",
  "session.end_all",
  "password.change",
  "password.reset",
  "user.invite",
  "user.withdraw_invitation",
  "user.join",
  "user.change_role",
  "user.remove",
  "user.end_sessions",
  "user.reset_link",
  "key.create",
  "key.revoke",
  "alert.create",
  "alert.change",
  "alert.delete",
  "alert.test",
  "incident.acknowledge",
  "silence.create",
  "silence.end",
  "view.create",
  "view.change",
  "view.delete",
  "dashboard.create",
  "dashboard.change",
  "dashboard.delete",
  "pattern.merge",
  "pattern.unmerge",
  "pattern.mute",
  "pattern.unmute",
  "logs.export",
  "audit.export",
  "retention.change",
  "masking.change",
  "health.change",
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What a route says of what it did. */
export type Audit = {
  action: AuditAction;
  /** What it was done to, as people call it. */
  target?: string;
  /** What changed; never a secret. */
  detail?: Readonly<Record<string, unknown>>;
  /** Who, when the request itself could not tell: somebody who signs in. */
  actor?: { kind: "user"; id: string; name: string };
};
