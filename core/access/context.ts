import type { Context } from "@/core/context";
import type { Mailer } from "@/core/mail/mailer";
import type { Access } from "./access";

/** What the functions of access need beside the database and the time. */
export type AccessContext = Context & { access: Access; mailer: Mailer | null; publicUrl: string };
