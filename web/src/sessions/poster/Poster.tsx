import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { posterQuery } from "../queries";
import classes from "./Poster.module.css";

interface PosterProps {
  sessionId: string;
  /** Somebody is filming: it is asked for again and again. */
  live: boolean;
  size: "card" | "panel";
}

/** What viewers of the class see, or saw last; nothing until there is a picture. */
export function Poster({ sessionId, live, size }: PosterProps) {
  const { data } = useQuery(posterQuery(sessionId, live));
  const [broken, setBroken] = useState("");
  const url = data?.url;
  if (!url || url === broken) return null;
  return (
    <img
      className={classes.poster}
      data-size={size}
      src={url}
      alt={live ? "What viewers see" : ""}
      onError={() => setBroken(url)}
    />
  );
}
