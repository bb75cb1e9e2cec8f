import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useNavigate } from "react-router";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { coursesQuery, createCourse } from "./queries";

interface AddCourseProps {
  opened: boolean;
  onClose: () => void;
}

export function AddCourse({ opened, onClose }: AddCourseProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add course">
      <Form onClose={onClose} />
    </Modal>
  );
}

/** Leads to the new course, where its lessons and people are added. */
function Form({ onClose }: Pick<AddCourseProps, "onClose">) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const add = useCommand(createCourse, {
    onSuccess: async (course) => {
      await queryClient.invalidateQueries(coursesQuery);
      await navigate(`/courses/${course.id}`);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get("title")).trim();
    if (title) add.mutate(title);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label="Title" name="title" maxLength={200} required data-autofocus />
        {add.error && <ProblemAlert title="The course was not added" error={add.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
