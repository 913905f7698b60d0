"""Reports render in notebooks."""

from html.parser import HTMLParser

from tests.spine.build import anonymize, rules_of


def test_a_report_is_two_tables(tmp_path):
    """What was done and how it came out; names are escaped, values do not occur."""
    rules = rules_of('  "<a>": redact\n  b: {role: quasi_identifier, steps: [keep]}', "checks: [k_anonymity >= 1]")
    _, report = anonymize(tmp_path, rules, b"<a>,b\nCanary,1\nCanary,2\n")
    page = report._repr_html_()
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append(tag)  # type: ignore[method-assign]
    parser.feed(page)
    assert (tags.count("table"), tags.count("caption")) == (2, 2)
    assert "&lt;a&gt;" in page
    assert "2 in, 2 out" in page
    assert "k_anonymity &gt;= 1" in page
    assert "Canary" not in page


def test_the_package_says_that_it_is_typed():
    """PEP 561."""
    from importlib.resources import files

    assert (files("anonymize") / "py.typed").is_file()
