import { ActionIcon } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconArchive, IconArchiveOff, IconPencil } from "@tabler/icons-react";
import type { Problem } from "../../api/problem";
import { useCommand } from "../../api/useCommand";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { EditTexts } from "../editing/EditTexts";
import { useChanged } from "../editing/useChanged";
import type { Lesson } from "../queries";
import { deleteLesson, updateLesson } from "./queries";

export function LessonActions({ lesson }: { lesson: Lesson }) {
  return (
    <>
      <Edit lesson={lesson} />
      {lesson.archived ? <Restore lesson={lesson} /> : <Remove lesson={lesson} />}
    </>
  );
}

function Edit({ lesson }: { lesson: Lesson }) {
  const [opened, { open, close }] = useDisclosure(false);
  const changed = useChanged();
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Edit ${lesson.title}`}
        onClick={open}
      >
        <IconPencil size={18} aria-hidden />
      </ActionIcon>
      <EditTexts
        what={lesson}
        opened={opened}
        onClose={close}
        save={(changes, key) => updateLesson({ lesson, changes }, key)}
        onSaved={changed}
      />
    </>
  );
}

function Remove({ lesson }: { lesson: Lesson }) {
  const changed = useChanged();
  const remove = useCommand(deleteLesson, {
    onSuccess: async ({ outcome }) => {
      await changed();
      notifications.show({ message: `${lesson.title} is ${outcome}.` });
    },
  });
  return (
    <ConfirmButton
      question={`Remove ${lesson.title}?`}
      explanation="A lesson in which a class was planned is archived with its replays. Without one it is deleted."
      confirmLabel="Remove"
      onConfirm={() => remove.mutate(lesson, { onError: refused(lesson.title) })}
      button={(open) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Remove ${lesson.title}`}
          loading={remove.isPending}
          onClick={open}
        >
          <IconArchive size={18} aria-hidden />
        </ActionIcon>
      )}
    />
  );
}

function Restore({ lesson }: { lesson: Lesson }) {
  const changed = useChanged();
  const restore = useCommand(updateLesson, { onSuccess: changed });
  const edit = { lesson, changes: { archived: false } };
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={`Restore ${lesson.title}`}
      loading={restore.isPending}
      onClick={() => restore.mutate(edit, { onError: refused(lesson.title) })}
    >
      <IconArchiveOff size={18} aria-hidden />
    </ActionIcon>
  );
}

const refused = (title: string) => (problem: Problem) =>
  notifications.show({
    color: "red",
    title: `${title} was not changed`,
    message: problem.message,
  });
