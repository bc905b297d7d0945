// The search box, which suggests topics, publishers, authors and stories while one types.
//
// Its roles and keys are those of the combobox in the ARIA Authoring Practices Guide.
import { useLocation } from "preact-iso/router";
import { useEffect, useState } from "preact/hooks";

import { SuggestDocument, type SuggestQuery } from "../api";
import { useAnswer } from "../client";
import { authorPath, itemPath, providerPath, topicPath } from "../links";
import { counted } from "../words";

type Suggestion = NonNullable<SuggestQuery["suggest"]>[number];

const PAUSE_MS = 120;
const LEAST_LETTERS = 2;

export function SearchBox() {
  const { query, route } = useLocation();
  const [text, setText] = useState(query["q"] ?? "");
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const prefix = useSettled(text.trim());
  const { data } = useAnswer(SuggestDocument, { prefix }, { pause: !isOpen || prefix.length < LEAST_LETTERS });
  const suggestions = (isOpen && prefix.length >= LEAST_LETTERS && data?.suggest) || [];

  function go(path: string) {
    setOpen(false);
    setChosen(-1);
    route(path);
  }

  function search() {
    const suggestion = suggestions[chosen];
    if (suggestion) go(pathOf(suggestion));
    else if (text.trim()) go(`/search?${new URLSearchParams({ q: text.trim() })}`);
  }

  function onKeyDown(event: KeyboardEvent) {
    const count = suggestions.length;
    if (event.key === "Escape") setOpen(false);
    if (count === 0 || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    // From the box itself, which is -1, one comes to the first or the last.
    const step = event.key === "ArrowDown" ? 1 : -1;
    setChosen(((chosen + 1 + step + count + 1) % (count + 1)) - 1);
  }

  return (
    <form
      class="search-box"
      role="search"
      action="/search"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <label class="hidden" for="search">
        Search
      </label>
      <input
        id="search"
        name="q"
        type="text"
        enterKeyHint="search"
        placeholder="Search"
        autoComplete="off"
        maxLength={500}
        value={text}
        role="combobox"
        aria-expanded={suggestions.length > 0}
        aria-controls="suggestions"
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `suggestion-${chosen}` : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setChosen(-1);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      <ul id="suggestions" class="suggestions" role="listbox" aria-label="Suggestions" hidden={suggestions.length === 0}>
        {suggestions.map((suggestion, index) => (
          <li
            key={suggestion.node.id}
            id={`suggestion-${index}`}
            role="option"
            aria-selected={index === chosen}
            // The box would lose the focus, and the list close, before the click.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(pathOf(suggestion))}
          >
            {suggestion.text} <small>{kindOf(suggestion)}</small>
          </li>
        ))}
      </ul>
    </form>
  );
}

/** Returns a text once it has stayed the same for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function pathOf({ node }: Suggestion): string {
  if (node.__typename === "Topic") return topicPath(node.slug);
  if (node.__typename === "Author") return authorPath(node.slug);
  if (node.__typename === "Provider") return providerPath(node.domain);
  return itemPath(node.id);
}

function kindOf({ node, itemCount }: Suggestion): string {
  if (node.__typename === "Item") return "Story";
  const kind = node.__typename === "Provider" ? "Publisher" : node.__typename;
  return `${kind}, ${counted(itemCount)}`;
}
