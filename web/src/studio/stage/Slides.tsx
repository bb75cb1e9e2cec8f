import { Loader, Text } from "@mantine/core";
import { useEffect } from "react";
import { linksOf, placeOf } from "../slides";
import type { Studio } from "../useStudio";
import { Pager } from "./Pager";
import { type Pen, Surface } from "./Surface";
import classes from "./Surface.module.css";

interface SlidesProps {
  studio: Studio;
  pen: Pen;
  teaches: boolean;
}

/** The active scene's slide. Those before and after it are loaded ahead, so that turning is instant. */
export function Slides({ studio, pen, teaches }: SlidesProps) {
  const { slide, slides, assets, active } = studio;
  const place = active ? placeOf(active, slides) : -1;
  const around = [slides[place + 1], slides[place - 1]].map(
    (other) => other && linksOf(assets, other)?.contentUrl,
  );
  const [next, previous] = around;
  useEffect(() => {
    for (const url of [next, previous]) if (url) new Image().src = url;
  }, [next, previous]);
  if (!slide) {
    return (
      <div className={classes.empty}>
        <Text c="dimmed">
          {teaches ? "Add slides in the studio panel: a PDF or pictures." : "Slides will be here."}
        </Text>
      </div>
    );
  }
  const links = linksOf(assets, slide);
  const boardPlace = { sessionId: studio.sessionId, boardId: slide.assetId, page: slide.page };
  return (
    <Surface
      place={boardPlace}
      aspect={slide.aspect}
      log={studio.log}
      pen={pen}
      controls={teaches && <Pager studio={studio} />}
    >
      {links ? (
        <img
          className={classes.slide}
          src={links.contentUrl}
          alt={`Slide ${place + 1} of ${slides.length}`}
          style={{ backgroundImage: `url("${links.thumbnailUrl}")` }}
          draggable={false}
        />
      ) : (
        <Loader m="auto" aria-label="Loading the slide" />
      )}
    </Surface>
  );
}
