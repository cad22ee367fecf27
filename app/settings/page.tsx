import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { UsersPage } from "@/components/settings/users-page";

export const metadata: Metadata = { title: "Users" };

export default pageFor("administer", () => <UsersPage />);
