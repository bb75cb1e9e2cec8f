import { Button, Card, Center, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { api, type Schemas, unwrap } from "../api/client";
import { Brand } from "../ui/Brand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { nextPath } from "./nextPath";
import { ProviderButton } from "./ProviderButton";
import { problemOf } from "./providerProblem";

const login = (body: Schemas["Login"]) => unwrap(api.POST("/api/auth/login", { body }));

function credentials(form: HTMLFormElement): Schemas["Login"] {
  const fields = new FormData(form);
  return { email: String(fields.get("email")).trim(), password: String(fields.get("password")) };
}

export function Component() {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const queryClient = useQueryClient();
  const signIn = useMutation({
    mutationFn: login,
    onSuccess: async () => {
      queryClient.clear();
      await navigate(nextPath(params.get("next")), { replace: true });
    },
  });
  const elsewhere = signIn.isIdle ? problemOf(params.get("problem")) : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    signIn.mutate(credentials(event.currentTarget));
  };
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder shadow="sm" padding="xl" w="100%" maw={400}>
        <form onSubmit={submit}>
          <Stack>
            <Brand />
            <div>
              <Title order={1} size="h3">
                Sign in
              </Title>
              <Text size="sm" c="dimmed">
                Use the account your school gave you.
              </Text>
            </div>
            <TextInput label="Email" name="email" type="email" autoComplete="username" required />
            <PasswordInput
              label="Password"
              name="password"
              autoComplete="current-password"
              required
            />
            {elsewhere && <ProblemAlert title="You are not signed in" error={elsewhere} />}
            {signIn.error && <ProblemAlert title="You are not signed in" error={signIn.error} />}
            <Button type="submit" loading={signIn.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
        <ProviderButton next={nextPath(params.get("next"))} />
      </Card>
    </Center>
  );
}
