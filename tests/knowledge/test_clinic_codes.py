"""The codes of a clinic: they only add, each means one thing, and a no is owned."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from milia_cds import KnowledgeError, load_knowledge
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.recorded import recorded

NAME = 'name = "Example Clinic"\nversion = "1"\n'
SNOMED = "http://snomed.info/sct"


def policy(folder: Path, *entries: str) -> Path:
    file = folder / "clinic.toml"
    text = "".join(f"\n[[fhir.code]]\n{each}\n" for each in entries)
    file.write_text(NAME + text, "utf-8")
    return file


def entry(**given: Any) -> str:
    first: dict[str, Any] = {
        "fact": "history.lupus",
        "system": "urn:x",
        "codes": ["a"],
        "means": "yes",
    }
    said = {key: each for key, each in (first | given).items() if each is not None}
    return "\n".join(f"{key} = {json.dumps(each)}" for key, each in said.items())


def problems(folder: Path, *entries: str) -> list[str]:
    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(policy=policy(folder, *entries))
    return [str(each) for each in refused.value.problems]


def test_codes_are_added(tmp_path: Path) -> None:
    base = load_knowledge(policy=policy(tmp_path, entry(codes=["a", "b"])))

    [added] = base.fhir.clinic
    assert added.pairs == (("urn:x", "a"), ("urn:x", "b"))
    assert base.fhir.rule == load_knowledge().fhir.rule
    assert base != load_knowledge()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"fact": "history.lupsu"}, 'there is no fact "history.lupsu"; did you mean'),
        ({"fact": "lesion.count"}, "no code of a record speaks of lesion.count"),
        ({"fact": "patient.age_years"}, "no code of a record speaks of"),
        ({"fact": "findings.explained_by_histology"}, "no code of a record speaks of"),
        ({"fact": "history.not_tolerated"}, "no code of a record speaks of"),
        ({"system": "snomed"}, '"snomed" is no absolute URI'),
        ({"system": f"{SNOMED}|2026"}, "is no absolute URI"),
        ({"system": None}, '"" is no absolute URI'),
        ({"codes": None}, "it has no codes"),
        ({"codes": []}, "it has no codes"),
        ({"codes": [" "]}, '" " is no code'),
        ({"codes": "a"}, "is not a list"),
        ({"means": "maybe"}, '"maybe" is nothing that a code can say of it'),
        ({"means": "value"}, "is nothing that a code can say of it"),
        ({"means": "no"}, "a code that says no loosens what the knowledge asks"),
        ({"part": "skin", "fact": "history.keloid"}, "the fact has no parts"),
        (
            {"part": "skin", "fact": "history.vitiligo_or_koebner"},
            'there is no part "skin"',
        ),
        ({"unit": "mg"}, "a unit is that of a value"),
        ({"codez": ["a"]}, 'there is no key "codez" here'),
        (
            {"fact": "patient.pregnancy", "means": "not_possible"},
            "a code that says no loosens",
        ),
        ({"fact": "history.isotretinoin", "means": "never"}, "is nothing that a code"),
        ({"fact": "lesion.site", "means": "elbow"}, '"elbow" is nothing that a code'),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    found = problems(tmp_path, entry(**given))

    assert any(said in each for each in found), found
    assert all(each.startswith("clinic.toml: fhir.code[0]") for each in found)


@pytest.mark.parametrize(
    "entries",
    [
        [entry(), entry(means="no", judgement=True)],
        [
            entry(codes=["ab"]),
            entry(codes=["a"], prefix=True, means="no", judgement=True),
        ],
        [entry(fact="lesion.site", means=each) for each in ("cheek", "nose")],
        [
            entry(
                fact="history.allergy_fish",
                system=SNOMED,
                codes=["735971005"],
                means="no",
                judgement=True,
            )
        ],
        [entry(fact="history.allergy_fish", system=SNOMED, codes=["716186003"])],
    ],
)
def test_one_code_never_means_two_values(tmp_path: Path, entries: list[str]) -> None:
    [found] = problems(tmp_path, *entries)
    assert "would mean" in found
    assert found.startswith("clinic.toml: fhir.code[")


def test_a_code_may_mean_something_of_several_facts(tmp_path: Path) -> None:
    two = [entry(), entry(fact="history.keloid")]
    assert len(load_knowledge(policy=policy(tmp_path, *two)).fhir.clinic) == 2


# Codes of options ---------------------------------------------------------------------


def of_option(**given: Any) -> str:
    return entry(**{"fact": None, "means": None, "option": "extraction", **given})


def test_codes_of_an_option_are_added(tmp_path: Path) -> None:
    base = load_knowledge(policy=policy(tmp_path, of_option(codes=["a", "b"])))

    [added] = base.fhir.clinic
    assert (added.option, added.fact) == ("extraction", "")
    assert added.pairs == (("urn:x", "a"), ("urn:x", "b"))
    assert base != load_knowledge()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"option": "extractoin"}, 'there is no option "extractoin"; did you mean'),
        ({"fact": "history.lupus"}, "they are of one fact, or of one option"),
        ({"option": None}, "they are of one fact, or of one option"),
        ({"means": "yes"}, "means the option, and no more"),
        ({"part": "skin"}, "means the option, and no more"),
        ({"unit": "mm"}, "means the option, and no more"),
        ({"judgement": True}, "means the option, and no more"),
        ({"codes": []}, "it has no codes"),
        ({"system": "snomed"}, "is no absolute URI"),
    ],
)
def test_what_is_wrong_with_codes_of_an_option_is_said(
    tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    found = problems(tmp_path, of_option(**given))
    assert any(said in each for each in found), found
    assert all(each.startswith("clinic.toml: fhir.code[0]") for each in found)


@pytest.mark.parametrize(
    "entries",
    [
        [of_option(), of_option(option="cryotherapy")],
        [
            of_option(codes=["ab"]),
            of_option(codes=["a"], prefix=True, option="steaming"),
        ],
        [of_option(system=SNOMED, codes=["26782000"])],  # cryotherapy
    ],
)
def test_one_code_never_means_two_options(tmp_path: Path, entries: list[str]) -> None:
    [found] = problems(tmp_path, *entries)
    assert "would mean" in found
    assert found.startswith("clinic.toml: fhir.code[")


def test_one_code_may_be_of_a_fact_and_of_an_option(tmp_path: Path) -> None:
    both = [entry(), of_option()]
    assert len(load_knowledge(policy=policy(tmp_path, *both)).fhir.clinic) == 2


# Value sets ---------------------------------------------------------------------------


def value_set(folder: Path, data: object, name: str = "lupus.json") -> str:
    (folder / name).write_text(json.dumps(data), "utf-8")
    return entry(system=None, codes=None, valueset=name)


def expanded(*contains: object, **more: object) -> dict[str, object]:
    expansion = {"contains": list(contains), **more}
    return {"resourceType": "ValueSet", "expansion": expansion}


def test_a_value_set_is_read_with_all_that_is_nested_in_it(tmp_path: Path) -> None:
    inner = [{"system": "urn:x", "code": "b"}, {"system": "urn:y", "code": "c"}]
    outer = {"system": "urn:x", "code": "a", "contains": inner}
    group = {"abstract": True, "display": "all", "contains": [outer]}
    told = value_set(tmp_path, expanded(group, total=3))
    base = load_knowledge(policy=policy(tmp_path, told))

    pairs = base.fhir.clinic[0].pairs
    assert sorted(pairs) == [("urn:x", "a"), ("urn:x", "b"), ("urn:y", "c")]


def test_its_content_counts_for_the_digest(tmp_path: Path) -> None:
    def digest(code: str) -> str:
        told = value_set(tmp_path, expanded({"system": "urn:x", "code": code}))
        base = load_knowledge(policy=policy(tmp_path, told))
        assert base.policy is not None
        return base.policy.digest

    assert digest("a") == digest("a") != digest("b")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "is no ValueSet"),
        ({"resourceType": "CodeSystem"}, "is no ValueSet"),
        ({"resourceType": "ValueSet"}, "it is no expanded ValueSet"),
        (expanded(), "it has no codes"),
        (expanded({"system": "urn:x", "code": "a"}, total=2), "it has 1 codes of 2"),
        (expanded({"code": "a"}), "it has no system with a code"),
        (expanded({"system": "x", "code": "a"}), "it has no system with a code"),
        (expanded("a"), "is no entry"),
        (expanded({"abstract": True, "contains": 7}), "it is no list"),
    ],
)
def test_a_value_set_that_is_none_is_refused(
    tmp_path: Path, data: object, said: str
) -> None:
    found = problems(tmp_path, value_set(tmp_path, data))
    assert any(said in each for each in found), found
    assert all("fhir.code[0].valueset" in each for each in found)


@pytest.mark.parametrize(
    "name", ["no.json", "../no.json", "/etc/hostname", "a\0b", "."]
)
def test_a_file_that_is_not_beside_the_policy_is_refused(
    tmp_path: Path, name: str
) -> None:
    found = problems(tmp_path, entry(system=None, codes=None, valueset=name))
    assert any("give a file beside clinic.toml" in each for each in found)


def test_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{", "utf-8")
    found = problems(tmp_path, entry(system=None, codes=None, valueset="x.json"))
    assert all(each.startswith("clinic.toml: fhir.code[0].valueset") for each in found)


# What the knowledge says itself -------------------------------------------------------


def test_only_verified_codes_stand_in_the_knowledge() -> None:
    base: Knowledge = load_knowledge()
    codes = {
        (code.system, code.code)
        for rule in base.fhir.rule
        for code in (*rule.codes, *rule.answer)
    }

    assert ("SNOMED CT", "254679001") in codes
    for system, code in (("LOINC", "66472-2"), ("RxNorm", "6064"), ("ATC", "J01AA")):
        assert (system, code) not in codes  # each of them is to be confirmed
    assert not any(each.prefix for rule in base.fhir.rule for each in rule.codes)


def test_every_rule_that_looks_for_no_way_out_and_no_setting() -> None:
    base = load_knowledge()
    for rule in base.fhir.rule:
        assert not base.facts[rule.fact].way_out
        assert rule.fact not in base.vocabulary.settings
    assert list(recorded(base)) == []


SPOILED = (
    ('fact = "history.lupus"', 'fact = "history.lupsu"', 'no fact "history.lupsu"'),
    ('means = "pregnant"', 'means = "pregnent"', '"pregnent" is no value of'),
    ('"http://loinc.org"', '"loinc"', '"loinc" is no absolute URI'),
    ('system = "RxNorm"', 'system = "Rxnorm"', 'there is no system "Rxnorm"'),
    ('reader = "course"', 'reader = "number"', "does not read such a fact"),
    ('no = ["not-done"]', 'no = ["refuted"]', "none of its resources says"),
    ('part = "peanut"', 'part = "peanuts"', 'there is no part "peanuts"'),
    ("below = 37\n", "", "below makes a yes or no of a number"),
    ("within_days = 7\n", "within_days = -7\n", "-7 is no number of days or months"),
    ('id = "keloid"', 'id = "raynaud"', '"raynaud" stands there 2 times'),
    ('of = "lesion.diagnosis"\n', "", "of says which condition lies at a site"),
    ('resources = ["Patient"]', 'resources = ["Person"]', '"Person"'),
    ("active_within_months = 24\n", "", "the key is missing"),
    ('system = "Reasons"', 'system = "Reason"', 'there is no system "Reason"'),
    ('code = "need-more-info"', 'code = "patient-refuses"', "stands there 2 times"),
    ('no = ["refuted"]\n', 'open = "x"\nspeaks = true\n', "is a reason to speak"),
    ("members = true\n", "members = true\nspeaks = 1\n", "speaks"),
    ("within_days = 28\n", "within_days = 28\nspeaks = true\n", "only conditions last"),
    ('"history.pacemaker", "his', '"history.inr", "his', "history.inr is no yes or no"),
)


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "said"), SPOILED)
def test_a_mistake_in_the_file_is_said_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "data")
    file = folder / "fhir.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(folder)
    found = [str(each) for each in refused.value.problems]
    assert any(said in each for each in found), found
    assert all(each.startswith("fhir.toml: ") for each in found), found


def test_a_domain_may_do_without(tmp_path: Path) -> None:
    folder = shutil.copytree(
        Path(__file__).parents[1] / "otherworld" / "knowledge", tmp_path / "data"
    )
    (folder / "fhir.toml").unlink()

    assert load_knowledge(folder).fhir.rule == ()
