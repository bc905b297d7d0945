"""The message for each kind of wrong value.

Covers `loaders/checks.py` too.
"""

import pytest

from tests.loaders.parsed import messages


def _message(line: str) -> str:
    (message,) = messages(f"---\ntitle: A\n{line}\n---\n")
    return message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("heat: 1.5", "3:7 heat '1.5' is not a whole number [integer]"),
        ("heat: [1]", "3:7 heat is a list; write a whole number [shape]"),
        (
            "heat: -2147483649",
            "3:7 heat -2147483649 does not fit in 32 bits; write -2147483648 to 2147483647 "
            "[integer-range]",
        ),
        (
            f"heat: {'9' * 5000}",
            f"3:7 heat '{'9' * 59}…' does not fit in 32 bits; write -2147483648 to 2147483647 "
            "[integer-range]",
        ),
        ("published: {a: b}", "3:12 published is a mapping; write true or false [shape]"),
        ("excerpt: [a]", "3:10 excerpt is a list; write text [shape]"),
        ("category: {a: b}", "3:11 category is a mapping; write text [shape]"),
        ("related: word", '3:10 related is text; write a list like [{title: "Title", webUrl: '
         '"https://example.com/a"}] [shape]'),
        ("tags: [a, [b]]", "3:11 tags[1] is a list; write a list of words like [one, two] [shape]"),
        ("tags: ['']", "3:8 tags[0] is empty [missing]"),
        ("images: [{url: 'ftp://a.example/b.png'}]", "3:16 images[0].url 'ftp://a.example/b.png' "
         "is not an http or https URL [url]"),
        ("webUrl: ./a", "3:9 webUrl './a' is relative; write the whole address [url]"),
        ("webUrl: posts/a", "3:9 webUrl 'posts/a' is relative; write the whole address [url]"),
        ("webUrl: //a.example/b", "3:9 webUrl '//a.example/b' has no scheme; write "
         "https://a.example/b [url]"),
        ("images: {url: /a.png, width: x}", "3:30 images.width 'x' is not a whole number "
         "[integer]"),
        ("webUrl: http:/a", "3:9 webUrl 'http:/a' has the scheme http; write an http or https URL "
         "[url]"),
        ("webUrl: ftp://a.example/", "3:9 webUrl 'ftp://a.example/' is not an http or https URL "
         "[url]"),
        ("secured: 'a b;c'", '3:10 secured.ciphertext is not base64; write "ciphertext;iv", both '
         "in base64 [shape]"),
        ("secured: {ciphertext: YQ==, iv: YQ==, more: 1}", '3:45 secured.more is the number 1; '
         'write "ciphertext;iv", both in base64 [shape]'),
        ("updatedDateTime: '{x}'", "3:18 updatedDateTime '(x)' is not a date; write it like "
         "2020-02-05T16:08:00Z or 2020-02-05 [date]"),
    ],
)  # fmt: skip
def test_a_message_says_what_to_write_instead(line: str, message: str) -> None:
    assert _message(line) == message


@pytest.mark.parametrize(
    ("json", "message"),
    [
        ('{"title": 5.5, "heat": null, "quality": 5.5}', "1:41 quality '5.5' is not a whole number "
         "[integer]"),
        ('{"title": true}', "1:11 title is true; write text [shape]"),
        ('{"title": "a", "tags": [5, false]}', "1:28 tags[1] is false; write a list of words like "
         "[one, two] [shape]"),
        ('{"title": "a", "provider": 5}', "1:28 provider is the number 5; write a name, or a "
         "mapping like {name: Example News, domain: example.com} [shape]"),
        ('{"title": "a", "published": 5}', "1:29 published '5' is neither true nor false "
         "[boolean]"),
        ('{"title": "a", "secured": {"ciphertext": "YQ==", "iv": "YQ==", "x": null}}',
         '1:69 secured.x is null; write "ciphertext;iv", both in base64 [shape]'),
        ('{"name": ""}', "1:10 name is empty [missing]"),
    ],
)  # fmt: skip
def test_values_of_json_are_described_as_json_has_them(json: str, message: str) -> None:
    assert messages(json, "a.json") == [message]


def test_a_field_is_named_by_the_key_that_the_file_uses() -> None:
    assert messages("---\nname: [a]\n---\n") == ["2:7 name is a list; write text [shape]"]
    assert messages("---\ntitle: A\ncategories: [' ']\n---\n") == [
        "3:13 categories is empty [missing]"
    ]


def test_all_wrong_fields_of_a_file_are_reported() -> None:
    fields = [message.split()[1] for message in messages("heat: x\nquality: y\n", "a.yaml")]

    assert sorted(fields) == ["heat", "quality", "title"]
