import { type Auth, PASSWORD_PROVIDER } from "@/core/access/auth";
import type { Role } from "@/core/access/roles";

type NewUser = { name: string; email: string; password: string; role: Role };

/** Makes an account with a password. The e-mail address must not be taken: who calls has looked. @returns the user's id */
export async function createUser(auth: Auth, { name, email, password, role }: NewUser): Promise<string> {
  const { internalAdapter, password: passwords } = await auth.$context;
  const hash = await passwords.hash(password);
  // Who has the link that makes an account got it by this address, or from who gave the address.
  const user = await internalAdapter.createUser({ name, email, role, emailVerified: true }, { method: "admin" });
  await internalAdapter.linkAccount({
    userId: user.id,
    providerId: PASSWORD_PROVIDER,
    accountId: user.id,
    password: hash,
  });
  return user.id;
}
