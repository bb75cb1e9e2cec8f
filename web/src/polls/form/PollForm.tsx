import { Button, Group, SegmentedControl, Stack, Switch, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import classes from "../Polls.module.css";
import { createPoll, editPoll, pollsQuery } from "../queries";
import type { Poll } from "../told";
import { draftOf, emptySketch, obstacle, type Sketch, sketchOf } from "./draft";
import { OptionList } from "./OptionList";

interface PollFormProps {
  sessionId: string;
  /** The draft to change; without it a new one is written. */
  poll?: Poll;
  onDone: () => void;
}

export function PollForm({ sessionId, poll, onDone }: PollFormProps) {
  const [sketch, setSketch] = useState<Sketch>(poll ? sketchOf(poll) : emptySketch);
  const queryClient = useQueryClient();
  const save = useCommand(
    (draft: ReturnType<typeof draftOf>, key: string) =>
      poll ? editPoll({ id: poll.id, draft }, key) : createPoll({ ...draft, sessionId }, key),
    {
      onSuccess: async () => {
        await queryClient.invalidateQueries(pollsQuery(sessionId));
        onDone();
      },
    },
  );
  const missing = obstacle(sketch);
  return (
    <form
      className={classes.card}
      aria-label={poll ? "Edit poll" : "New poll"}
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing) save.mutate(draftOf(sketch));
      }}
    >
      <Stack gap="sm">
        <Kind sketch={sketch} onSketch={setSketch} />
        <Textarea
          label="Question"
          value={sketch.prompt}
          onChange={({ currentTarget: { value: prompt } }) => setSketch({ ...sketch, prompt })}
          maxLength={500}
          autosize
          autoFocus
        />
        <OptionList sketch={sketch} onSketch={setSketch} />
        <Switches sketch={sketch} onSketch={setSketch} />
        {missing && (
          <Text size="xs" c="dimmed">
            {missing}
          </Text>
        )}
        {save.error && <ProblemAlert title="Not saved" error={save.error} />}
        <Group gap="xs">
          <Button
            type="submit"
            size="compact-sm"
            disabled={missing !== null}
            loading={save.isPending}
          >
            Save draft
          </Button>
          <Button size="compact-sm" variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export interface SketchProps {
  sketch: Sketch;
  onSketch: (sketch: Sketch) => void;
}

function Kind({ sketch, onSketch }: SketchProps) {
  return (
    <SegmentedControl
      aria-label="Kind"
      size="xs"
      data={[
        { value: "poll", label: "Poll" },
        { value: "quiz", label: "Quiz" },
      ]}
      value={sketch.kind}
      onChange={(kind) =>
        // Whoever answers a quiz later should not learn from those before.
        onSketch({
          ...sketch,
          kind: kind as Sketch["kind"],
          results: kind === "quiz" ? "after_close" : "live",
        })
      }
    />
  );
}

function Switches({ sketch, onSketch }: SketchProps) {
  return (
    <>
      <Switch
        label="Several answers allowed"
        checked={sketch.multiple}
        onChange={({ currentTarget: { checked: multiple } }) => onSketch({ ...sketch, multiple })}
      />
      <Switch
        label="Anonymous"
        description="No names in the export"
        checked={sketch.anonymous}
        onChange={({ currentTarget: { checked: anonymous } }) => onSketch({ ...sketch, anonymous })}
      />
      <Switch
        label="Students see the result live"
        description="Else when the poll closes"
        checked={sketch.results === "live"}
        onChange={({ currentTarget: { checked } }) =>
          onSketch({ ...sketch, results: checked ? "live" : "after_close" })
        }
      />
    </>
  );
}
