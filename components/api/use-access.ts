"use client";

import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import {
  apiKeySchema,
  invitationSchema,
  newApiKeySchema,
  newInvitationSchema,
  sessionSchema,
  userSchema,
} from "@/core/access/schemas";
import { sendData } from "./fetch-data";
import { useChange } from "./use-change";
import { usePage } from "./use-page";

const BASE = "/api/access";
const nothing = z.unknown();

/** What signs in, or leads to that: after it everything on the page is another's, so the page is loaded anew. */
export const usePost = (path: string) =>
  useMutation({ mutationFn: (body: unknown) => sendData("POST", `${BASE}/${path}`, nothing, body) });

export const useStartOidc = () =>
  useMutation({
    mutationFn: (next: string) => sendData("POST", `${BASE}/oidc`, z.object({ url: z.string() }), { next }),
    onSuccess: ({ url }) => window.location.assign(url),
  });

export const useSignOut = () =>
  useMutation({
    mutationFn: () => sendData("POST", `${BASE}/sign-out`, nothing),
    onSuccess: () => window.location.assign("/sign-in"),
  });

const SESSIONS = `${BASE}/sessions`;

export const useSessions = (query: URLSearchParams) => usePage(SESSIONS, query, sessionSchema);

export const useEndSessions = () =>
  useMutation({
    mutationFn: () => sendData("DELETE", SESSIONS, nothing),
    onSuccess: () => window.location.assign("/sign-in"),
  });

export const useChangePassword = () =>
  useChange((body: unknown) => sendData("PUT", `${BASE}/password`, nothing, body), SESSIONS);

const USERS = `${BASE}/users`;

export const useUsers = (query: URLSearchParams) => usePage(USERS, query, userSchema);

export const useChangeRole = () =>
  useChange(
    ({ id, role }: { id: string; role: string }) => sendData("PUT", `${USERS}?id=${id}`, nothing, { role }),
    USERS,
  );

export const useRemoveUser = () => useChange((id: string) => sendData("DELETE", `${USERS}?id=${id}`, nothing), USERS);

export const useEndUserSessions = () =>
  useChange((id: string) => sendData("DELETE", `${USERS}/sessions?id=${id}`, nothing), USERS);

export const useResetLink = () =>
  useMutation({
    mutationFn: (id: string) => sendData("POST", `${USERS}/reset-link?id=${id}`, z.object({ link: z.string() })),
  });

const INVITATIONS = `${BASE}/invitations`;

export const useInvitations = (query: URLSearchParams) => usePage(INVITATIONS, query, invitationSchema);

export const useInvite = () =>
  useChange((body: unknown) => sendData("POST", INVITATIONS, newInvitationSchema, body), INVITATIONS);

export const useWithdrawInvitation = () =>
  useChange((id: string) => sendData("DELETE", `${INVITATIONS}?id=${id}`, nothing), INVITATIONS);

const KEYS = `${BASE}/keys`;

export const useKeys = (query: URLSearchParams) => usePage(KEYS, query, apiKeySchema);

export const useCreateKey = () => useChange((body: unknown) => sendData("POST", KEYS, newApiKeySchema, body), KEYS);

export const useRevokeKey = () => useChange((id: string) => sendData("DELETE", `${KEYS}?id=${id}`, apiKeySchema), KEYS);
