import { notifications } from "@mantine/notifications";
import { adviceFor } from "../api/advice";
import type { Problem } from "../api/problem";

/** Something was asked for by key or pen, where there is no place to say that it failed. */
export const tellFailure = (title: string, problem: Problem): void => {
  notifications.show({
    color: "red",
    title,
    message: [problem.message, adviceFor(problem)].filter(Boolean).join(" "),
  });
};
