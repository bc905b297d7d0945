"""The bodies of `bodies.safety` in a real Chromium: nothing in them runs, or loads anything."""

from playwright.sync_api import Dialog

from bodies.rendering import BodyFormat
from bodies.safety import safe_html
from tests.bodies.hostile import SCRIPTS
from tests.chromium import running_chromium, skip_without_chromium

skip_without_chromium()


def test_hostile_bodies_do_nothing_in_a_browser() -> None:
    bodies = [
        safe_html(body, format_, "https://a.example/") for body in SCRIPTS for format_ in BodyFormat
    ]
    with running_chromium() as browser:
        page = browser.new_page()
        ran: list[str] = []

        def note(dialog: Dialog) -> None:
            ran.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", note)
        page.route("**/*", lambda route: route.abort())

        # Shown, as a page does, and the browser's own form of it shown once more.
        page.set_content("<div id=x></div>")
        left = page.evaluate(
            """async (bodies) => {
              const place = document.getElementById("x");
              const found = new Set();
              for (const body of bodies) {
                place.innerHTML = body;
                place.innerHTML = place.innerHTML;
                for (const element of place.querySelectorAll("*")) {
                  if (/^(script|style|iframe|svg|math|object|embed|form|base|link|meta)$/i
                      .test(element.tagName)) found.add(element.tagName);
                  for (const {name, value} of element.attributes)
                    if (/^(on|style|srcdoc)/i.test(name)) found.add(name);
                  if (element.href && !/^(https?|mailto|tel|about):/.test(element.href))
                    found.add(element.href);
                }
              }
              await new Promise((done) => setTimeout(done, 200));
              return [...found];
            }""",
            bodies,
        )
        assert left == []
        assert ran == []
