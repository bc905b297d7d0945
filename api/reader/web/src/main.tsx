import "@fontsource-variable/newsreader/opsz.css";
import "@fontsource-variable/newsreader/wght-italic.css";
import "./styles/index.css";

import { Provider } from "@urql/preact";
import { render } from "preact";
import { LocationProvider, Route, Router, useLocation } from "preact-iso/router";
import { useEffect, useMemo, useState } from "preact/hooks";

import { makeClient } from "./client";
import { ArchivePage, AuthorsPage, ProvidersPage, TopicsPage } from "./pages/directories";
import { FrontPage } from "./pages/FrontPage";
import { ItemPage } from "./pages/ItemPage";
import { AuthorPage, MonthPage, ProviderPage, SectionPage, TagPage, TopicPage } from "./pages/lists";
import { NotFound } from "./pages/NotFound";
import { SearchPage } from "./pages/SearchPage";
import { Behind, BehindPage } from "./parts/BehindPage";
import { Footer } from "./parts/Footer";
import { Masthead } from "./parts/Masthead";

/** Moves to the top of a new page, and tells screen readers where they are. */
function useArrival() {
  const { url } = useLocation();
  const path = url.split("?")[0];
  const [first] = useState(path);
  useEffect(() => {
    if (path !== first) document.getElementById("content")?.focus({ preventScroll: true });
  }, [path, first]);
}

function Pages() {
  useArrival();
  return (
    <main id="content" tabIndex={-1}>
      <Router>
        <Route path="/" component={FrontPage} />
        <Route path="/items/:name" component={ItemPage} />
        <Route path="/sections/:category" component={SectionPage} />
        <Route path="/tags/:tag" component={TagPage} />
        <Route path="/topics" component={TopicsPage} />
        <Route path="/topics/:slug" component={TopicPage} />
        <Route path="/providers" component={ProvidersPage} />
        <Route path="/providers/:domain" component={ProviderPage} />
        <Route path="/authors" component={AuthorsPage} />
        <Route path="/authors/:slug" component={AuthorPage} />
        <Route path="/archive" component={ArchivePage} />
        <Route path="/archive/:month" component={MonthPage} />
        <Route path="/search" component={SearchPage} />
        <Route default component={NotFound} />
      </Router>
    </main>
  );
}

function Reader() {
  // A new token is another audience: a new client, so that nothing cached for one shows for the other.
  const [session, setSession] = useState(0);
  const client = useMemo(makeClient, [session]);
  return (
    <Provider value={client} key={session}>
      <LocationProvider>
        <Behind>
          <a class="skip" href="#content">
            Skip to the content
          </a>
          <Masthead onToken={() => setSession(session + 1)} />
          <Pages />
          <Footer />
          <BehindPage />
        </Behind>
      </LocationProvider>
    </Provider>
  );
}

render(<Reader />, document.getElementById("reader") as HTMLElement);
