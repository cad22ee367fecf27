import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { LIMITS } from "@/core/limits";

/** For a password that is chosen: password managers offer to make one. @param props of Mantine's form */
export const NewPasswordInput = (props: PasswordInputProps) => (
  <PasswordInput
    description={`At least ${LIMITS.passwordLeast} characters; longer is better`}
    autoComplete="new-password"
    {...props}
  />
);
