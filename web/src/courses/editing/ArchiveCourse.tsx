import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArchive, IconArchiveOff } from "@tabler/icons-react";
import { useNavigate } from "react-router";
import type { Problem } from "../../api/problem";
import { useCommand } from "../../api/useCommand";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { type Course, deleteCourse, updateCourse } from "../queries";
import { useChanged } from "./useChanged";

export function ArchiveCourse({ course }: { course: Course }) {
  return course.archived ? <Restore course={course} /> : <Remove course={course} />;
}

function Remove({ course }: { course: Course }) {
  const navigate = useNavigate();
  const changed = useChanged();
  const remove = useCommand(deleteCourse, {
    onSuccess: async ({ outcome }) => {
      await navigate("/courses");
      await changed();
      notifications.show({ message: `${course.title} is ${outcome}.` });
    },
  });
  return (
    <ConfirmButton
      question={`Remove ${course.title}?`}
      explanation="A course in which a class was planned is archived with its replays. Without one it is deleted."
      confirmLabel="Remove"
      onConfirm={() => remove.mutate(course, { onError: refused(course.title) })}
      button={(open) => (
        <Button
          variant="default"
          leftSection={<IconArchive size={18} aria-hidden />}
          loading={remove.isPending}
          onClick={open}
        >
          Remove
        </Button>
      )}
    />
  );
}

function Restore({ course }: { course: Course }) {
  const changed = useChanged();
  const restore = useCommand(updateCourse, { onSuccess: changed });
  const edit = { course, changes: { archived: false } };
  return (
    <Button
      variant="default"
      leftSection={<IconArchiveOff size={18} aria-hidden />}
      loading={restore.isPending}
      onClick={() => restore.mutate(edit, { onError: refused(course.title) })}
    >
      Restore
    </Button>
  );
}

const refused = (title: string) => (problem: Problem) =>
  notifications.show({
    color: "red",
    title: `${title} was not changed`,
    message: problem.message,
  });
