import { useState } from "preact/hooks";

import type { PictureFragment } from "../api";

interface Props {
  picture: PictureFragment | undefined;
  /** How wide it is shown, for the browser's choice of when to load: the first one on a page is not lazy. */
  eager?: boolean;
  /** Beside a headline that links to the same page, a picture only decorates. */
  decorative?: boolean;
}

/** A picture, or nothing: one that does not load leaves no gap. */
export function Picture({ picture, eager = false, decorative = true }: Props) {
  const [failed, setFailed] = useState(false);
  if (!picture || failed) return null;
  return (
    <img
      src={picture.url}
      alt={decorative ? "" : (picture.title ?? "")}
      width={picture.width ?? undefined}
      height={picture.height ?? undefined}
      loading={eager ? "eager" : "lazy"}
      fetchPriority={eager ? "high" : "auto"}
      decoding="async"
      onError={() => setFailed(true)}
    />
  );
}
