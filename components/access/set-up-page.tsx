"use client";

import { Text, TextInput } from "@mantine/core";
import { setUpInputSchema } from "@/core/access/schemas";
import { AccessCard } from "./access-card";
import { AccessForm } from "./access-form";
import { NewPasswordInput } from "./new-password-input";
import { tokenOfLink } from "./token-of-link";

export function SetUpPage() {
  return (
    <AccessCard title="Create the first account">
      <Text size="sm">
        It is an admin's. From then on Cordwood asks who somebody is: people sign in, programs send an API key, which
        you make under Settings.
      </Text>
      <AccessForm
        path="set-up"
        initial={{ name: "", email: "", password: "" }}
        schema={setUpInputSchema}
        extra={() => ({ token: tokenOfLink() })}
        label="Create the account"
        done={() => window.location.assign("/")}
      >
        {(form) => (
          <>
            <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
            <TextInput label="E-mail address" type="email" autoComplete="username" {...form.getInputProps("email")} />
            <NewPasswordInput label="Password" {...form.getInputProps("password")} />
          </>
        )}
      </AccessForm>
    </AccessCard>
  );
}
