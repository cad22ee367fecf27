"use client";

import { Text, TextInput } from "@mantine/core";
import { joinInputSchema } from "@/core/access/schemas";
import { AccessCard } from "./access-card";
import { AccessForm } from "./access-form";
import { NewPasswordInput } from "./new-password-input";
import { tokenOfLink } from "./token-of-link";

export function JoinPage() {
  return (
    <AccessCard title="Join Cordwood">
      <Text size="sm">You were invited. Your e-mail address is the one that the invitation is for.</Text>
      <AccessForm
        path="join"
        initial={{ name: "", password: "" }}
        schema={joinInputSchema}
        extra={() => ({ token: tokenOfLink() })}
        label="Create my account"
        done={() => window.location.assign("/")}
      >
        {(form) => (
          <>
            <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
            <NewPasswordInput label="Password" {...form.getInputProps("password")} />
            {form.errors.token && <Text c="red">This link is not complete or was used: ask for another.</Text>}
          </>
        )}
      </AccessForm>
    </AccessCard>
  );
}
