import "@mantine/core/styles.css";
import "@mantine/charts/styles.css";
import "./global.css";
import { ColorSchemeScript, MantineProvider, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { keptOf } from "@/app/kept";
import { viewerOf } from "@/app/viewer";
import { type Viewer, ViewerProvider } from "@/components/access/viewer";
import { KeepScript } from "@/components/early-actions/keep-script";
import { RepeatEarlyActions } from "@/components/early-actions/repeat-early-actions";
import { KeptProvider } from "@/components/kept/kept";
import { Providers } from "@/components/providers";
import { Shell } from "@/components/shell";
import { textColours, theme } from "@/components/theme";
import { SERVER_HEADERS } from "@/core/access/server-headers";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = {
  title: { default: "Cordwood", template: "%s · Cordwood" },
  description: "Logs, stacked and counted.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get(SERVER_HEADERS.nonce) ?? undefined;
  const [viewer, kept] = await Promise.all([shownViewer(), keptOf()]);
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
        <KeepScript nonce={nonce} />
      </head>
      <body>
        <MantineProvider theme={theme} cssVariablesResolver={textColours} defaultColorScheme="auto">
          <NuqsAdapter>
            <Providers>
              {viewer ? (
                <ViewerProvider viewer={viewer}>
                  <KeptProvider initial={kept}>
                    <Shell>{children}</Shell>
                  </KeptProvider>
                </ViewerProvider>
              ) : (
                children
              )}
              <RepeatEarlyActions />
            </Providers>
          </NuqsAdapter>
        </MantineProvider>
      </body>
    </html>
  );
}

/** What pages may know of who looks at them; null: nobody that is known, who gets no navigation either. */
async function shownViewer(): Promise<Viewer | null> {
  // Without the database the page says so, which asks again: a layout that fails would take the page for it away.
  const principal = await viewerOf().then(
    (viewer) => viewer.principal,
    () => null,
  );
  if (principal === null) return null;
  if (principal.kind === "user") {
    return { kind: "user", name: principal.name, email: principal.email, role: principal.role };
  }
  // With a key pages can be read, by programs that want to; what they could change is left out.
  return principal.kind === "local"
    ? { kind: "local", listensOn: getRuntime().listensOn }
    : { kind: "user", name: principal.name, email: "", role: "viewer" };
}
