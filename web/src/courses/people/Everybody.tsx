import { Switch } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { useChanged } from "../editing/useChanged";
import { type Course, updateCourse } from "../queries";
import { enrolmentsQuery } from "./queries";

/** Whether the course is for all students of the school. */
export function Everybody({ course }: { course: Course }) {
  const changed = useChanged();
  const queryClient = useQueryClient();
  const change = useCommand(updateCourse, {
    onSuccess: async () => {
      await changed();
      await queryClient.invalidateQueries(enrolmentsQuery(course.id));
    },
  });
  return (
    <>
      <Switch
        mb="md"
        label="All students of the school are in this course"
        description="Also those who come later. Who is in it stays when you switch this off."
        checked={course.enrolsEverybody}
        disabled={change.isPending}
        onChange={(event) =>
          change.mutate({ course, changes: { enrolsEverybody: event.currentTarget.checked } })
        }
      />
      {change.error && <ProblemAlert title="Nothing was changed" error={change.error} />}
    </>
  );
}
