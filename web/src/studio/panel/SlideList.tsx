import { ActionIcon, Group, Kbd, Text, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useCommand } from "../../api/useCommand";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { showsSlides } from "../layouts";
import { activateScene, removeAsset, type Scene, turnTo } from "../queries";
import { linksOf, type Slide, slidesOf } from "../slides";
import type { Studio } from "../useStudio";
import classes from "./StudioPanel.module.css";
import { UploadSlides } from "./UploadSlides";

/** The slides of the scene that has them: the active one, else the first made for slides. */
export function SlideList({ studio }: { studio: Studio }) {
  const { active, view } = studio;
  const scene =
    active && showsSlides(active.layout)
      ? active
      : (view.scenes.find(({ layout }) => showsSlides(layout)) ?? null);
  const slides = scene ? slidesOf(scene, view.assets) : [];
  return (
    <section aria-label="Slides">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h6">
          {scene ? `Slides of “${scene.name}”` : "Slides"}
        </Title>
        <Group gap={4} aria-hidden>
          <Kbd size="xs">←</Kbd>
          <Kbd size="xs">→</Kbd>
        </Group>
      </Group>
      <UploadSlides sessionId={studio.sessionId} scene={scene} />
      {scene?.assets.map((id) => (
        <Deck key={id} studio={studio} scene={scene} assetId={id} slides={slides} />
      ))}
    </section>
  );
}

interface DeckProps {
  studio: Studio;
  scene: Scene;
  assetId: string;
  slides: readonly Slide[];
}

function Deck({ studio, scene, assetId, slides }: DeckProps) {
  const turn = useCommand(turnTo);
  const activate = useCommand(activateScene);
  const remove = useCommand(removeAsset);
  const name = studio.view.assets.find(({ id }) => id === assetId)?.name ?? "";
  const show = ({ page }: Slide) => {
    turn.mutate({ scene, change: { slide: { assetId, page } } });
    if (studio.active?.id !== scene.id) activate.mutate(scene.id);
  };
  const error = turn.error ?? activate.error ?? remove.error;
  return (
    <div className={classes.deck}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" c="dimmed" truncate>
          {name}
        </Text>
        <ConfirmButton
          question={`Remove “${name}”?`}
          explanation="Its slides, and what was drawn on them, are deleted for good."
          confirmLabel="Remove slides"
          onConfirm={() => remove.mutate(assetId)}
          button={(open) => (
            <ActionIcon variant="subtle" color="red" aria-label={`Remove ${name}`} onClick={open}>
              <IconTrash size={15} aria-hidden />
            </ActionIcon>
          )}
        />
      </Group>
      <ol className={classes.thumbnails}>
        {slides.map(
          (slide, n) =>
            slide.assetId === assetId && (
              <li key={slide.page}>
                <button
                  type="button"
                  className={classes.thumbnail}
                  aria-label={`Show slide ${n + 1}`}
                  aria-pressed={scene.slide?.assetId === assetId && scene.slide.page === slide.page}
                  onClick={() => show(slide)}
                >
                  <img
                    src={linksOf(studio.assets, slide)?.thumbnailUrl}
                    alt=""
                    loading="lazy"
                    style={{ aspectRatio: slide.aspect }}
                  />
                  <span aria-hidden>{n + 1}</span>
                </button>
              </li>
            ),
        )}
      </ol>
      {error && <ProblemAlert title="The slides were not changed" error={error} />}
    </div>
  );
}
