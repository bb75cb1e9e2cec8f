import { Progress, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { Poll } from "../told";

type Counted = Pick<Poll, "options" | "responses" | "tally" | "correct" | "mine">;

/** How many chose what: a table, whose bars are only decoration. */
export function Results({ poll }: { poll: Counted }) {
  const { tally, responses } = poll;
  if (!tally) return null;
  return (
    <Table verticalSpacing={4} horizontalSpacing={0} withRowBorders={false} fz="sm">
      <Table.Caption mt={4}>{countText(responses)}</Table.Caption>
      <VisuallyHidden component="thead">
        <tr>
          <th scope="col">Option</th>
          <th scope="col">Answers</th>
        </tr>
      </VisuallyHidden>
      <Table.Tbody>
        {poll.options.map((option, index) => (
          <Option key={option} poll={poll} index={index} count={tally[index] ?? 0} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface OptionProps {
  poll: Counted;
  index: number;
  count: number;
}

function Option({ poll, index, count }: OptionProps) {
  const percent = poll.responses ? Math.round((100 * count) / poll.responses) : 0;
  const correct = poll.correct?.includes(index) === true;
  const mine = poll.mine?.includes(index) === true;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={mine ? 700 : 400} style={{ overflowWrap: "anywhere" }}>
        {poll.options[index]}
        {mine && (
          <Text span size="xs" c="dimmed">
            {" · your answer"}
          </Text>
        )}
        {correct && (
          <Text span size="xs" c="teal">
            {" "}
            <IconCheck size={13} aria-hidden /> correct
          </Text>
        )}
        <Progress value={percent} color={correct ? "teal" : "blue"} size="sm" mt={2} aria-hidden />
      </Table.Th>
      <Table.Td ta="right" w={72} valign="bottom">
        {count} · {percent} %
      </Table.Td>
    </Table.Tr>
  );
}

export const countText = (responses: number): string =>
  responses === 1 ? "1 answer" : `${responses} answers`;
