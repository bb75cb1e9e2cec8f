import { type UIEvent, useEffect, useRef, useState } from "react";

/** How near the end counts as being there, in pixels. */
const NEAR = 40;

/** A list that scrolls along with what is added, unless one reads further up; `last` names its newest line. */
export function useFollowing(last: string | undefined) {
  const list = useRef<HTMLOListElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = () => list.current?.scrollTo({ top: list.current.scrollHeight });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what asks for the scroll
  useEffect(() => {
    if (atEnd) toEnd();
  }, [last]);
  const onScroll = ({ currentTarget: at }: UIEvent<HTMLOListElement>) =>
    setAtEnd(at.scrollHeight - at.scrollTop - at.clientHeight < NEAR);
  return { list, atEnd, toEnd, onScroll };
}
