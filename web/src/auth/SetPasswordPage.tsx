import { Anchor, Button, Card, Center, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { Link, useLocation } from "react-router";
import { api, type Schemas, unwrap } from "../api/client";
import { Brand } from "../ui/Brand";
import { ProblemAlert } from "../ui/ProblemAlert";

const setPassword = (body: Schemas["SetPassword"]) =>
  unwrap(api.POST("/api/auth/password/set", { body }));

/** Behind a one-time link, whose token stands after the # so that no server's log has it. */
export function Component() {
  const token = useLocation().hash.slice(1);
  const choose = useMutation({ mutationFn: setPassword });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    choose.mutate({ token, password: String(new FormData(event.currentTarget).get("password")) });
  };
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder shadow="sm" padding="xl" w="100%" maw={400}>
        <Stack>
          <Brand />
          <Title order={1} size="h3">
            Choose a password
          </Title>
          {choose.isSuccess ? (
            <Text role="status">
              Your password is set.{" "}
              <Anchor component={Link} to="/login">
                Sign in
              </Anchor>
            </Text>
          ) : (
            <form onSubmit={submit}>
              <Stack>
                <PasswordInput
                  label="New password"
                  description="At least 8 characters; a few words are easy to remember."
                  name="password"
                  autoComplete="new-password"
                  minLength={8}
                  required
                />
                {choose.error && (
                  <ProblemAlert title="The password was not set" error={choose.error} />
                )}
                <Button type="submit" loading={choose.isPending}>
                  Set password
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      </Card>
    </Center>
  );
}
