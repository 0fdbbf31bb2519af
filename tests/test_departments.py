"""Departments and rules: who owns what, and what is wrong with a file that is wrong."""

from pathlib import Path

import pytest

from chalicelib import departments
from chalicelib.categories import Category, Topic
from chalicelib.errors import ConfigurationError

HOUR = 3600

SMALL = """
[[department]]
id = "everything"
name = "Alles"
owns = [
  { category = "service_request", acknowledge_within_hours = 1 },
  { category = "applicant_complaint", acknowledge_within_hours = 1 },
  { category = "criticism", acknowledge_within_hours = 0.5 },
  { category = "praise", acknowledge_within_hours = 1 },
]
[[department]]
id = "desk"
name = "Tisch"
catch_all = { acknowledge_within_hours = 2 }
"""


@pytest.mark.parametrize(
    ("category", "topics", "owner"),
    [
        (Category.SERVICE_REQUEST, (), "customer_service"),
        (Category.APPLICANT_COMPLAINT, (), "human_resources"),
        (Category.APPLICANT_COMPLAINT, (Topic.RECRUITING,), "human_resources"),
        (Category.CRITICISM, (), "communications"),
        (Category.PRAISE, (), "marketing"),
        (Category.SERVICE_REQUEST, (Topic.RECRUITING,), "human_resources"),
        (Category.SERVICE_REQUEST, (Topic.INVESTOR,), "investor_relations"),
        (Category.SERVICE_REQUEST, (Topic.PRESS,), "communications"),
        (Category.CRITICISM, (Topic.INVESTOR,), "investor_relations"),
        (Category.CRITICISM, (Topic.SUSTAINABILITY,), "communications"),
        (Category.CRITICISM, (Topic.INVESTOR, Topic.SUSTAINABILITY), "communications"),
        (Category.PRAISE, (Topic.SUSTAINABILITY,), "marketing"),
        (Category.SERVICE_REQUEST, (Topic.LEGAL,), "customer_service"),
        (Category.SERVICE_REQUEST, (Topic.SAFETY,), "customer_service"),
        (Category.APPLICANT_COMPLAINT, (Topic.INVESTOR, Topic.RECRUITING), "human_resources"),
    ],
)
def test_who_owns_what(category: Category, topics: tuple[Topic, ...], owner: str) -> None:
    assert departments.load().owner(category, topics).department == owner


def test_the_departments_are_the_six_of_the_glossary() -> None:
    assert departments.load().ids == (
        "customer_service",
        "human_resources",
        "communications",
        "marketing",
        "investor_relations",
        "social_media",
    )
    assert departments.load().catch_all().department == "social_media"


@pytest.mark.parametrize("topic", [topic for topic in Topic if topic is not Topic.SAFETY])
def test_only_danger_shortens_the_time(topic: Topic) -> None:
    rules = departments.load()
    for category in departments.CATEGORIES_WITH_AN_OWNER:
        calm = rules.owner(category, (topic,))
        urgent = rules.owner(category, (topic, Topic.SAFETY))
        assert urgent.department == calm.department
        assert (calm.acknowledge_within >= 2 * HOUR, urgent.acknowledge_within) == (True, HOUR // 2)
    assert rules.catch_all((topic,)).acknowledge_within == 2 * HOUR
    assert rules.catch_all((topic, Topic.SAFETY)).acknowledge_within == HOUR // 2


def test_what_is_urgent_never_makes_a_time_longer(tmp_path: Path) -> None:
    slow = SMALL + '[urgent]\ntopic = "safety"\nacknowledge_within_hours = 1.5'
    rules, danger = load(tmp_path, slow), (Topic.SAFETY,)

    assert rules.owner(Category.CRITICISM, danger).acknowledge_within == HOUR // 2
    assert rules.catch_all(danger).acknowledge_within == 1.5 * HOUR


def test_a_file_without_them_has_nothing_urgent_and_no_review_sample(tmp_path: Path) -> None:
    rules = load(tmp_path, SMALL)

    assert rules.review_share == 0
    assert rules.owner(Category.PRAISE, (Topic.SAFETY,)) == rules.owner(Category.PRAISE, ())


def load(tmp_path: Path, text: str) -> departments.Departments:
    file = tmp_path / "departments.toml"
    file.write_text(text, "utf-8")
    return departments.load(file)


def test_a_rule_for_both_beats_a_topic_beats_a_category(tmp_path: Path) -> None:
    more = """
[[department]]
id = "{id}"
name = "n"
owns = [{{ {rule}, acknowledge_within_hours = 3 }}]
"""
    topic = SMALL + more.format(id="topic", rule='topic = "recruiting"')
    both = topic + more.format(id="both", rule='topic = "recruiting", category = "criticism"')
    recruiting = (Topic.RECRUITING,)

    assert load(tmp_path, SMALL).owner(Category.CRITICISM, recruiting).acknowledge_within == HOUR // 2
    assert load(tmp_path, topic).owner(Category.CRITICISM, recruiting).department == "topic"
    assert load(tmp_path, both).owner(Category.CRITICISM, recruiting).department == "both"
    assert load(tmp_path, both).owner(Category.PRAISE, recruiting).department == "topic"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "desk"', 'id = "everything"', ['two departments are called "everything"', "rename"]),
        ('id = "desk"', 'id = "Der Tisch"', ['department "Der Tisch"', "`id`"]),
        ('"criticism"', '"complaint"', ['department "everything"', "rule 3", "`category`", "'complaint'"]),
        ('"criticism"', '"other"', ['department "everything"', "rule 3", "name another category"]),
        ('"criticism"', '"praise"', ['"everything" and "everything" own praise', "drop one"]),
        (
            "= 0.5",
            "= 0",
            ['department "everything"', "rule 3", "`acknowledge_within_hours`", "a minute"],
        ),
        ("= 0.5", "= nan", ["`acknowledge_within_hours`"]),
        ("= 0.5", '= "soon"', ["`acknowledge_within_hours`", "'soon'"]),
        (
            '{ category = "criticism", acknowledge_within_hours = 0.5 },',
            "",
            ["nobody owns criticism", "add {"],
        ),
        ('category = "criticism", ', "", ["rule 3", "give it a category, a topic, or both"]),
        ("catch_all =", "catches_all =", ['department "desk"', "`catches_all`"]),
        (
            "catch_all = { acknowledge_within_hours = 2 }",
            "",
            ["exactly one department must have `catch_all`"],
        ),
        ('name = "Tisch"', 'name = "Tisch"\nretired = true', ['"desk" is retired', "another department"]),
        ("[[department]]", "[[department", ["departments.toml"]),
        (
            "catch_all = { acknowledge_within_hours = 2 }",
            "catch_all = true",
            ["`catch_all`", "write a table"],
        ),
        ("catch_all = {", "owns = {", ['department "desk", `owns`', "write a list"]),
        ("= 0.5", "= 0.0001", ["`acknowledge_within_hours`", "a minute"]),
        ("name =", "nmae =", ['department "everything", `name`', "is missing", "`nmae`", "no such key"]),
        ('id = "desk"', "", ["department 2, `id`", "is missing"]),
        (SMALL, "", ["`department`", "is missing"]),
        (SMALL, f"review_share = 2\n{SMALL}", ["`review_share`", "from 0 to 1", "(it is 2)"]),
        (SMALL, f"review_share = -0.1\n{SMALL}", ["`review_share`", "from 0 to 1"]),
        (SMALL, f"review_share = nan\n{SMALL}", ["`review_share`", "from 0 to 1"]),
        (SMALL, f"review_share = true\n{SMALL}", ["`review_share`", "from 0 to 1"]),
        (SMALL, f'review_share = "some"\n{SMALL}', ["`review_share`", "from 0 to 1", "'some'"]),
        (SMALL, f"urgent = 0.5\n{SMALL}", ["`urgent`", "write a table"]),
        (SMALL, f"[urgent]\nacknowledge_within_hours = 1\n{SMALL}", ["`urgent`, `topic`", "is missing"]),
        (SMALL, f'[urgent]\ntopic = "safety"\n{SMALL}', ["`urgent`, `acknowledge_within_hours`", "missing"]),
        (
            SMALL,
            f'[urgent]\ntopic = "fire"\nacknowledge_within_hours = 1\n{SMALL}',
            ["`urgent`, `topic`", "'safety'", "'fire'"],
        ),
        (
            SMALL,
            f'[urgent]\ntopic = "safety"\nacknowledge_within_hours = 0\n{SMALL}',
            ["`urgent`, `acknowledge_within_hours`", "a minute"],
        ),
        ('"criticism"', '"criticism", topic = "weather"', ["rule 3", "`topic`", "'weather'"]),
    ],
)
def test_a_wrong_entry_is_named_with_its_remedy(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    assert old in SMALL
    with pytest.raises(ConfigurationError) as error:
        load(tmp_path, SMALL.replace(old, new))

    assert [part for part in told if part not in str(error.value)] == []


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        departments.load(tmp_path / "nowhere.toml")
