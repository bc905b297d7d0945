"""An example of every kind of bad input, with the diagnostic that the loader must print for it.

`docs/loading.md` shows them as a table; `python -m tests.loaders.bad_inputs` writes it.
"""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Bad(NamedTuple):
    """A bad input: what is wrong, the file, and the diagnostic that follows its path."""

    description: str
    name: str
    make: str | bytes | Callable[[Path], object]
    diagnostic: str

    @property
    def is_warning(self) -> bool:
        """Whether only the value is lost, not the item."""
        return ": warning: " in self.diagnostic


def front(text: str) -> str:
    """Return a file with these keys in its front matter."""
    return f"---\ntitle: A title\n{text}\n---\nbody\n"


def _bomb() -> str:
    levels = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
    return front("\n".join(("a0: &a0 [x, x, x, x, x, x, x, x, x]", *levels)))


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _folder_loop(path: Path) -> None:
    path.symlink_to(path.parent, target_is_directory=True)


def _unreadable(path: Path) -> None:
    path.write_text(front(""))
    path.chmod(0)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(path))


def _odd_name(name: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        Path(os.fsdecode(os.fsencode(path.parent) + b"/" + name)).write_text(front(""))

    return make


HEADER = "| input | diagnostic |"

BAD_INPUTS = [
    # Texts
    Bad("not UTF-8", "a.md", b"---\ntitle: caf\xe9\n---\n",
        "2:11: error: text: byte 0xe9 is not UTF-8; save the file as UTF-8 [encoding]"),
    Bad("a NUL character", "a.md", "---\ntitle: a\0b\n---\n",
        "2:9: error: text: contains a NUL character; is this a binary file? [nul]"),
    Bad("no front matter", "a.txt", "A title\n",
        "1:1: error: front matter: is missing; begin the file with a line of three hyphens (---) "
        "[no-front-matter]"),
    Bad("front matter that is not closed", "a.md", "---\ntitle: A title\n\nbody\n",
        "1:1: error: front matter: is not closed; write a line of three hyphens (---) after "
        "the last key [unclosed]"),
    Bad("front matter that is a list", "a.md", "---\n- a\n- b\n---\n",
        '2:1: error: front matter: is a list; write keys and values like title: "A title" [shape]'),
    Bad("front matter that is a single word", "a.md", "---\nword\n---\n",
        "2:1: error: front matter: is a single value; write keys and values like title: "
        '"A title" [shape]'),
    # YAML
    Bad("an unquoted colon", "a.md", "---\ntitle: One: two\n---\n",
        "2:11: error: YAML: mapping values are not allowed in this context; quote a value that "
        "contains a colon followed by a space [yaml]"),
    Bad("a tab that indents", "a.md", front("provider:\n\tname: x"),
        "4:1: error: YAML: while scanning for the next token, found character that cannot start "
        "any token; indent with spaces, and quote a value that begins with @, ` or % [yaml]"),
    Bad("a quote that is not closed", "a.md", '---\ntitle: "A title\n---\n',
        "2:8: error: YAML: while scanning a quoted scalar, found unexpected end of stream; close "
        "the quote [yaml]"),
    Bad("a list that is not closed", "a.md", front("topics: [Coast, Sound"),
        "3:9: error: YAML: while parsing a flow sequence, did not find expected ',' or ']'; write "
        "commas between the entries of a list, and ] after the last one [yaml]"),
    Bad("a control character", "a.md", "---\ntitle: a\x07b\n---\n",
        "2:9: error: YAML: contains a control character; remove it, or escape it in double "
        "quotes [yaml]"),
    Bad("a duplicate key", "a.md", front("title: Again"),
        "3:1: error: title: is a duplicate key; keep one of them [duplicate-key]"),
    Bad("a key that is a list", "a.md", front("? [a, b]\n: c"),
        "3:3: error: YAML: a key must be text, not a list or a mapping [key]"),
    Bad("a language tag", "a.md", front("x: !!python/object/apply:os.system [ls]"),
        "3:4: error: x: the tag '!!python/object/apply:os.system' is not supported; write plain "
        "values [tag]"),
    Bad("an alias bomb", "a.md", _bomb(),
        "6:5: error: a3: expands to over 10000 values through aliases [aliases]"),
    Bad("an alias bomb of few, long values", "a.md",
        front("x: &x " + "y" * 100_000 + f"\ntags: [{', '.join(['*x'] * 200)}]"),
        "3:4: error: x: expands to over 16000000 characters through aliases [aliases]"),
    Bad("an alias that contains itself", "a.md", front("x: &x [*x]"),
        "3:4: error: x: contains itself through an alias [aliases]"),
    Bad("nesting 20,000 deep", "a.md", front("x: " + "[" * 20_000),
        "3:102: error: YAML: is nested deeper than 100 levels [nesting]"),
    Bad("nesting 20,000 deep, in JSON", "a.json", '{"title": "a", "x": ' + "[" * 20_000,
        "1:1045: error: JSON: depth limit exceeded [json]"),
    Bad("nesting 200 deep, in JSON", "a.json", f'{{"title": "a", "x": {"[" * 200}{"]" * 200}}}',
        "1:1: error: JSON: is nested deeper than 100 levels [nesting]"),
    # TOML
    Bad("TOML that is not valid", "a.md", "+++\ntitle = A\n+++\n",
        "2:9: error: TOML: invalid value; write text in double quotes [toml]"),
    Bad("front matter in TOML that is not closed", "a.md", '+++\ntitle = "A"\n',
        "1:1: error: front matter: is not closed; write a line of three plus signs (+++) after "
        "the last key [unclosed]"),
    Bad("nesting 20,000 deep, in TOML", "a.toml", 'title = "A"\nx = ' + "[" * 20_000,
        "1:1: error: TOML: is nested deeper than 100 levels [nesting]"),
    Bad("a key of 20,000 parts, in TOML", "a.toml", 'title = "A"\nx' + ".x" * 20_000 + " = 1\n",
        "2:1: error: TOML: is nested deeper than 100 levels [nesting]"),
    Bad("an integer beyond 64 bits, in TOML", "a.toml", 'title = "A"\nx = 99999999999999999999\n',
        "2:5: error: TOML: '99999999999999999999' does not fit in 64 bits; quote it "
        "[integer-range]"),
    Bad("an integer of 5,000 digits, in TOML", "a.toml", f'title = "A"\nx = {"9" * 5000}\n',
        "1:1: error: TOML: has a number that does not fit in 64 bits; quote it [integer-range]"),
    Bad("NaN, in TOML", "a.toml", 'title = "A"\nx = nan\n',
        "2:5: error: TOML: nan is not a finite number, which JSON cannot hold; quote it "
        "[not-finite]"),
    # Sizes
    Bad("a file over the size limit", "a.md", front("x: " + "y" * 9_000_000),
        "1:1: error: file: is 8.6 MB; the limit is 8 MB (raise it with --max-mb) [too-large]"),
    Bad("too many topics", "a.md", front(f"topics: [{', '.join(['x'] * 1001)}]"),
        "3:9: warning: topics: has 1001 entries; the limit is 1000 [too-many]"),
    Bad("too many topics, in JSON", "a.json",
        '{"title": "x",\n"topics": [' + '"x",' * 1000 + '"x"]}',
        "2:11: warning: topics: has 1001 entries; the limit is 1000 [too-many]"),
    Bad("a long tag", "a.md", front(f"tags:\n- {'x' * 501}"),
        "4:3: warning: tags[0]: has 501 characters; the limit is 500 [too-long]"),
    Bad("a long URL", "a.md",
        front(f"related: [{{title: x, webUrl: 'https://a.example/{'x' * 2031}'}}]"),
        "3:30: warning: related[0].webUrl: has 2049 characters; the limit is 2048 [too-long]"),
    Bad("a document over MongoDB's limit", "a.md",
        front("x: &x " + "y" * 6_000_000 + "\nz: [*x, *x]"),
        "1:1: error: document: makes a document of 17 MB; MongoDB's limit is 16 MB "
        "[document-too-large]"),
    # Numbers
    Bad("an integer beyond 64 bits", "a.md", front("x: 99999999999999999999"),
        "3:4: error: x: '99999999999999999999' does not fit in 64 bits; quote it [integer-range]"),
    Bad("an integer beyond 64 bits, in JSON", "a.json",
        '{"title": "a", "x": 99999999999999999999}',
        "1:21: error: JSON: '99999999999999999999' does not fit in 64 bits; quote it "
        "[integer-range]"),
    Bad("a quality beyond GraphQL's Int", "a.md", front("quality: 3000000000"),
        "3:10: warning: quality: 3000000000 does not fit in 32 bits; write -2147483648 to "
        "2147483647 [integer-range]"),
    Bad("true for a number, in JSON", "a.json", '{"title": "a", "heat": true}',
        "1:24: warning: heat: true is not a whole number [integer]"),
    Bad("a heat that is not a number", "a.md", front("heat: hot"),
        "3:7: warning: heat: 'hot' is not a whole number [integer]"),
    Bad("NaN", "a.md", front("x: .nan"),
        "3:4: error: x: .nan is not a finite number, which JSON cannot hold; quote it "
        "[not-finite]"),
    Bad("NaN, in JSON", "a.json", '{"title": "a", "heat": NaN}',
        "1:24: error: JSON: unexpected character, expected a JSON value [json]"),
    Bad("a negative size", "a.md",
        front("images:\n  - url: https://a.example/b.png\n    width: -5"),
        "5:12: warning: images[0].width: -5 is negative; write a number of pixels [negative]"),
    # Dates and booleans
    Bad("a date that does not exist", "a.md", front("publishedDateTime: 2024-02-30"),
        "3:20: error: publishedDateTime: '2024-02-30' is not a valid date (day is out of range "
        "for month) [date]"),
    Bad("an ambiguous date", "a.md", front("publishedDateTime: 01/02/2020"),
        "3:20: error: publishedDateTime: '01/02/2020' is not a date; write it like "
        "2020-02-05T16:08:00Z or 2020-02-05 [date]"),
    Bad("a `published` that is neither true nor false", "a.md", front("published: perhaps"),
        "3:12: error: published: 'perhaps' is neither true nor false [boolean]"),
    # Fields
    Bad("no title", "a.yaml", "heat: 5\n", "1:1: error: title: is missing [missing]"),
    Bad("an empty title", "a.yaml", 'title: ""\n', "1:8: error: title: is empty [missing]"),
    Bad("a title of the wrong shape", "a.md", "---\ntitle: [a]\n---\n",
        "2:8: error: title: is a list; write text [shape]"),
    Bad("a URL without a scheme", "a.md", front("webUrl: www.example.com/a"),
        "3:9: warning: webUrl: 'www.example.com/a' has no scheme; write https://www.example.com/a "
        "[url]"),
    Bad("a relative URL", "a.md", front("webUrl: /2023/a"),
        "3:9: warning: webUrl: '/2023/a' is relative; write the whole address, or set url in "
        "newsgraph.yaml [url]"),
    Bad("a URL that is a script", "a.md", front("webUrl: javascript:alert(1)"),
        "3:9: warning: webUrl: 'javascript:alert(1)' has the scheme javascript; write an http or "
        "https URL [url]"),
    Bad("a URL with an impossible port", "a.md", front("webUrl: https://a.example:99999/"),
        "3:9: warning: webUrl: is not a valid URL: Port out of range 0-65535 [url]"),
    Bad("images of the wrong shape", "a.md", front("images: 5"),
        "3:9: warning: images: is text; write a list like [{url: \"https://example.com/a.jpg\", "
        "width: 600, height: 360}] [shape]"),
    Bad("an image without a URL", "a.md", front("images:\n  - width: 5"),
        "4:5: warning: images[0].url: is missing [missing]"),
    Bad("related of the wrong shape", "a.md", front("related:\n  - - a"),
        "4:5: warning: related[0]: is a list; write a list like [{title: \"Title\", webUrl: "
        '"https://example.com/a"}] [shape]'),
    Bad("a provider of the wrong shape", "a.md", front("provider: [a, b]"),
        "3:11: warning: provider: is a list; write a name, or a mapping like {name: Example News, "
        "domain: example.com} [shape]"),
    Bad("a provider without any domain", "a.md", front("provider: Example News"),
        "3:11: warning: provider.domain: is missing, and there is no URL to take it from; write "
        "domain: example.com [missing]"),
    Bad("topics of the wrong shape", "a.md", front("topics: {a: b}"),
        "3:9: warning: topics: is a mapping; write a list of names like [AI, Computer Vision] "
        "[shape]"),
    Bad("secured without its second part", "a.md", front("secured: abc"),
        '3:10: warning: secured: is text; write "ciphertext;iv", both in base64 [shape]'),
    # JSON
    Bad("JSON with trailing text", "a.json", '{"title": "a"} b',
        "1:16: error: JSON: unexpected content after document [json]"),
    Bad("a duplicate key, in JSON", "a.json", '{"title": "a",\n "title": "b"}',
        "2:2: error: title: is a duplicate key; keep one of them [duplicate-key]"),
    Bad("a broken line among JSON lines", "a.jsonl", '{"title": "a"}\n{"title": \n{"title": "b"}\n',
        "2:11: error: JSON: unexpected end of data [json]"),
    Bad("a number among items", "a.json", '[{"title": "a"}, 5]',
        '1:18: error: item: is not an item; write a mapping like {"title": "A title"} [shape]'),
    # Files
    Bad("a file that cannot be read", "a.md", _unreadable,
        "1:1: error: file: cannot be read: Permission denied [unreadable]"),
    Bad("a link to itself", "a.md", _loop,
        "1:1: error: file: cannot be read: Too many levels of symbolic links [symlink-loop]"),
    Bad("a broken link", "a.md", lambda path: path.symlink_to("gone.md"),
        "1:1: error: file: is a symbolic link to a file that does not exist [vanished]"),
    Bad("a link to the folder it is in", "a", _folder_loop,
        "1:1: error: file: is a symbolic link to a folder that contains it [symlink-loop]"),
    Bad("a pipe", "a.md", os.mkfifo, "1:1: error: file: is a pipe, not a file [not-a-file]"),
    Bad("a socket", "a.md", _socket, "1:1: error: file: is a socket, not a file [not-a-file]"),
    Bad("a device", "a.md", lambda path: path.symlink_to("/dev/zero"),
        "1:1: error: file: is a device, not a file [not-a-file]"),
    Bad("a name with a line break", "a\\n.md", _odd_name(b"a\n.md"),
        "1:1: error: file: its name has a line break, a control character or bytes that are "
        "not UTF-8; rename the file [file-name]"),
    Bad("a name that is not UTF-8", "a\\udcff.md", _odd_name(b"a\xff.md"),
        "1:1: error: file: its name has a line break, a control character or bytes that are "
        "not UTF-8; rename the file [file-name]"),
]  # fmt: skip


def table() -> str:
    """Return the table of `docs/loading.md`."""
    rows = [f"| {bad.description} | `{bad.name}:{bad.diagnostic}` |" for bad in BAD_INPUTS]
    return "\n".join((HEADER, "|---|---|", *rows))


if __name__ == "__main__":
    manual = Path(__file__).parents[2] / "docs" / "loading.md"
    kept, _, after = manual.read_text(encoding="utf-8").partition(HEADER)
    rest = after[after.index("\n\n") :] if "\n\n" in after else "\n"
    manual.write_text(kept + table() + rest, encoding="utf-8")
