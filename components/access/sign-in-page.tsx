"use client";

import { Alert, Anchor, Button, Divider, PasswordInput, TextInput } from "@mantine/core";
import Link from "next/link";
import { useStartOidc } from "@/components/api/use-access";
import { signInInputSchema } from "@/core/access/schemas";
import { AccessCard } from "./access-card";
import { AccessForm } from "./access-form";

type SignInPageProps = {
  /** A path of this server. */
  next: string;
  /** Of the OpenID provider; null: there is none. */
  oidcName: string | null;
  /** What came back from the provider when it did not work. */
  oidcError: string | null;
};

export function SignInPage({ next, oidcName, oidcError }: SignInPageProps) {
  const oidc = useStartOidc();
  return (
    <AccessCard title="Sign in">
      {oidcError !== null && (
        <Alert color="red" role="alert">
          {oidcError}
        </Alert>
      )}
      <AccessForm
        path="sign-in"
        initial={{ email: "", password: "" }}
        schema={signInInputSchema}
        label="Sign in"
        done={() => window.location.assign(next)}
      >
        {(form) => (
          <>
            <TextInput label="E-mail address" type="email" autoComplete="username" {...form.getInputProps("email")} />
            <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps("password")} />
          </>
        )}
      </AccessForm>
      <Anchor component={Link} href="/forgotten-password" size="sm">
        Forgotten your password?
      </Anchor>
      {oidcName !== null && (
        <>
          <Divider label="or" />
          {oidc.error && (
            <Alert color="red" role="alert">
              {oidc.error.message}
            </Alert>
          )}
          <Button variant="default" loading={oidc.isPending || oidc.isSuccess} onClick={() => oidc.mutate(next)}>
            {oidcName}
          </Button>
        </>
      )}
    </AccessCard>
  );
}
