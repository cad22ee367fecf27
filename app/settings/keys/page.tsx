import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { KeysPage } from "@/components/settings/keys-page";

export const metadata: Metadata = { title: "API keys" };

export default pageFor("administer", () => <KeysPage />);
