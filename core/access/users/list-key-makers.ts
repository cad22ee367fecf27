import { asc, inArray } from "drizzle-orm";
import { mayRole } from "@/core/access/needs";
import { ROLES } from "@/core/access/roles";
import type { User } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { users } from "@/db/schema";

/** The first of those who may make API keys, by name. @param most how many */
export const listKeyMakers = ({ db }: Pick<Context, "db">, most: number): Promise<Pick<User, "name" | "email">[]> =>
  db
    .select({ name: users.name, email: users.email })
    .from(users)
    .where(
      inArray(
        users.role,
        ROLES.filter((role) => mayRole(role, "administer")),
      ),
    )
    .orderBy(asc(users.name), asc(users.email))
    .limit(most);
