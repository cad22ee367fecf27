import "@mantine/core/styles.css";
import "@mantine/charts/styles.css";
import { ColorSchemeScript, MantineProvider, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { Providers } from "@/components/providers";
import { Shell } from "@/components/shell";
import { theme } from "@/components/theme";

export const metadata: Metadata = {
  title: { default: "Cordwood", template: "%s · Cordwood" },
  description: "Logs, stacked and counted.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" />
      </head>
      <body>
        <MantineProvider theme={theme} defaultColorScheme="auto">
          <NuqsAdapter>
            <Providers>
              <Shell>{children}</Shell>
            </Providers>
          </NuqsAdapter>
        </MantineProvider>
      </body>
    </html>
  );
}
