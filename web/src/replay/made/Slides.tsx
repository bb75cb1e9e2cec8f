import { Image, SimpleGrid, Text, UnstyledButton } from "@mantine/core";
import { clockTime } from "../../ui/time";
import type { Replay } from "../queries";

interface SlidesProps {
  slides: NonNullable<Replay["slides"]>;
  onSeek: (timeMs: number) => void;
}

/** The slides in the order in which they were shown. */
export function Slides({ slides, onSeek }: SlidesProps) {
  return (
    <SimpleGrid component="ol" cols={{ base: 2, sm: 3 }} p={0} m={0} style={{ listStyle: "none" }}>
      {slides.map(({ startMs, title, thumbnailUrl }) => (
        <li key={startMs}>
          <UnstyledButton w="100%" onClick={() => onSeek(startMs)}>
            <Image src={thumbnailUrl} alt="" radius="sm" loading="lazy" />
            <Text size="xs" mt={4} lineClamp={2}>
              {clockTime(startMs)} {title}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </SimpleGrid>
  );
}
