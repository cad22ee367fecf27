import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { NewPasswordPage } from "@/components/access/new-password-page";

export const metadata: Metadata = { title: "New password" };

export default pageFor("nothing", () => <NewPasswordPage />);
