import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { ForgottenPasswordPage } from "@/components/access/forgotten-password-page";

export const metadata: Metadata = { title: "New password" };

export default pageFor("nothing", () => <ForgottenPasswordPage />);
