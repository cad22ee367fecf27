import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { AuditPage } from "@/components/settings/audit-page";

export const metadata: Metadata = { title: "Audit log" };

export default pageFor("administer", () => <AuditPage />);
