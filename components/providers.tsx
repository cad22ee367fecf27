"use client";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { leaveToSignIn } from "./access/sign-in-path";
import { ApiError } from "./api/fetch-data";

const UNAUTHORISED = 401;

/** A session that ended in another window, or was ended: what the page asks for is refused from then on. */
function leaveIfSignedOut(error: Error): void {
  if (error instanceof ApiError && error.status === UNAUTHORISED) leaveToSignIn();
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        queryCache: new QueryCache({ onError: leaveIfSignedOut }),
        defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: true } },
      }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
