import { useLocation } from "preact-iso/router";

import { MastheadDocument, type MastheadQuery } from "../api";
import { useAnswer } from "../client";
import { sectionPath } from "../links";
import { currentDate, heading } from "../words";
import { EditorMenu } from "./EditorMenu";
import { SearchBox } from "./SearchBox";

const DIRECTORIES = [
  ["/topics", "Topics"],
  ["/providers", "Publishers"],
  ["/authors", "Authors"],
  ["/archive", "Archive"],
] as const;

export function Masthead({ onToken }: { onToken: () => void }) {
  const { data } = useAnswer(MastheadDocument, {});
  const { path } = useLocation();
  const sections = data?.items?.facets?.categories ?? [];
  return (
    <header class="masthead">
      <div class="bar">
        <p class="today">{currentDate()}</p>
        <SearchBox />
        <EditorMenu onToken={onToken} />
      </div>
      <p class="name">
        <a href="/">{siteName(data) ?? <>&nbsp;</>}</a>
      </p>
      <nav aria-label="Sections">
        <ul>
          {sections.map(({ value }) => (
            <li key={value}>
              <Here path={path} href={sectionPath(value)}>
                {heading(value)}
              </Here>
            </li>
          ))}
          {DIRECTORIES.map(([href, name], index) => (
            <li key={href} class={index === 0 ? "first-directory" : undefined}>
              <Here path={path} href={href}>
                {name}
              </Here>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

function Here({ path, href, children }: { path: string; href: string; children: string }) {
  return (
    <a href={href} aria-current={path === href ? "page" : undefined}>
      {children}
    </a>
  );
}

/** The name that the server's operator gave; else a site of one publisher has that one's. Undefined until it is known. */
function siteName(data: MastheadQuery | undefined): string | undefined {
  const given = document.querySelector<HTMLMetaElement>('meta[name="application-name"]')?.content;
  if (given) return given;
  if (!data) return undefined;
  const publisher = data.providers?.nodes[0];
  const isItsOwn = publisher && publisher.itemCount > 0.9 * (data.corpus?.itemCount ?? 0);
  return isItsOwn ? publisher.name : "Newsgraph";
}
