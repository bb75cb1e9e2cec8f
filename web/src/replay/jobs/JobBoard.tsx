import { Badge, Group, Progress, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { Held } from "./Held";
import classes from "./JobBoard.module.css";
import { NAMES, STATES } from "./jobs";
import { type ArtifactJob, jobsQuery } from "./queries";
import { Steering } from "./Steering";

/** What is made of the class, how far it is, and a hand on it; for staff. */
export function JobBoard({ sessionId }: { sessionId: string }) {
  const jobs = useQuery(jobsQuery(sessionId));
  if (jobs.isPending) return null;
  if (!jobs.data) return <ProblemAlert error={jobs.error} onRetry={() => void jobs.refetch()} />;
  return (
    <section aria-label="Artifacts">
      <Title order={2} size="h5" mb={6}>
        Artifacts
      </Title>
      <Table verticalSpacing="xs" className={classes.board ?? ""}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Artifact</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Progress</Table.Th>
            <Table.Th>Attempts</Table.Th>
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.data.items.map((job) => (
            <JobRow key={job.kind} sessionId={sessionId} job={job} />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

interface JobRowProps {
  sessionId: string;
  job: ArtifactJob;
}

function JobRow({ sessionId, job }: JobRowProps) {
  const { color, label } = STATES[job.state];
  return (
    <Table.Tr>
      <Table.Td className={classes.kind ?? ""}>{NAMES[job.kind]}</Table.Td>
      <Table.Td>
        <Badge color={color} variant="light" tt="none" miw="max-content">
          {label}
        </Badge>
        <Held job={job} />
      </Table.Td>
      <Table.Td>
        {job.state !== "offered" && (
          <Group gap="xs" wrap="nowrap">
            <Progress
              value={job.progress}
              w={64}
              aria-label={`Progress of ${NAMES[job.kind]}`}
              color={color}
            />
            <Text size="xs" style={{ whiteSpace: "nowrap" }}>
              {job.progress} %
            </Text>
          </Group>
        )}
      </Table.Td>
      <Table.Td>{job.state !== "offered" && job.attempts}</Table.Td>
      <Table.Td>
        <Steering sessionId={sessionId} job={job} />
      </Table.Td>
    </Table.Tr>
  );
}
