"use client";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { sessionEnded, sessionIsThere } from "./access/session-end";
import { SignedOutBar } from "./access/signed-out-bar";
import { isUnauthorised } from "./api/fetch-data";

/** A session that ended in another window, or was ended: what the page asks for is refused from then on. */
function endIfSignedOut(error: Error): void {
  if (isUnauthorised(error)) sessionEnded();
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        queryCache: new QueryCache({ onError: endIfSignedOut, onSuccess: sessionIsThere }),
        defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: true } },
      }),
  );
  return (
    <QueryClientProvider client={client}>
      {children}
      <SignedOutBar />
    </QueryClientProvider>
  );
}
