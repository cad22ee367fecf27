import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { AccountPage } from "@/components/access/account-page";

export const metadata: Metadata = { title: "Your account" };

export default pageFor("account", () => <AccountPage />);
