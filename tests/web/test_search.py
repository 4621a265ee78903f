"""What is typed at the kiosk, and what it finds."""

import subprocess
import sys
import time

import msgspec
import pytest

from kioskd.hall.plan import Matter
from web.search import MatterIndex

NAMES = {
    "GA-01": "出生登记",
    "GA-02": "居民身份证换领、补领",
    "GA-03": "居住证申领",
    "SB-01": "养老保险、医疗保险参保",
    "YH-01": "银行开户",
    "WJ-01": "女职工产假证明",
    "CS-01": "食品经营许可",
    "ETC-1": "ETC业务办理",
    "SFZ-9": "异地居民身份证受理",
}


def matter(code, name, **more):
    return Matter(
        code=code,
        name=name,
        line="general",
        area="社会事务",
        department="社会事务办公室",
        by_law="某某法",
        accept_condition="本镇居民",
        materials=("居民身份证",),
        handle_flow="受理 → 办结",
        promise="即办",
        **more,
    )


CATALOGUE = [
    matter(code, name, synonyms=("身份证", "二代证") if code == "GA-02" else ())
    for code, name in NAMES.items()
]


@pytest.fixture(scope="module")
def found():
    index = MatterIndex(CATALOGUE)
    return lambda typed: [one.code for one in index.search(typed)]


@pytest.mark.parametrize(
    "typed", ["sfz", "shenfenzheng", "sfzheng", "shenf", "身份证", "身份z", "SHENFEN", "shfzh"]
)
def test_a_matter_is_found_by_characters_pinyin_initials_and_all_of_them_mixed(found, typed):
    assert "GA-02" in found(typed)


def test_what_people_call_it_finds_it_too(found):
    assert found("二代证") == found("edaizheng") == ["GA-02"]


def test_a_name_that_begins_so_comes_before_one_that_has_it_in_the_middle(found):
    assert found("jm")[0] == "GA-02"
    assert found("jmsfz") == ["GA-02", "SFZ-9"]
    assert found("身份证") == ["GA-02", "SFZ-9"]  # the first by its synonym


def test_a_whole_name_or_code_comes_first(found):
    assert found("出生登记") == ["GA-01"]
    assert found("sfz-9")[0] == "SFZ-9"
    assert found("GA-02")[0] == "GA-02"


def test_a_character_with_several_readings_is_found_by_each(found):
    assert found("yhkh") == found("yinhangkaihu") == found("yxkh") == ["YH-01"]


@pytest.mark.parametrize("typed", ["nvzg", "nuzhigong", "nz"])
def test_a_u_with_dots_is_typed_as_v_or_u(found, typed):
    assert "WJ-01" in found(typed)


def test_letters_in_a_name_count(found):
    assert found("etcyw") == found("ETC") == ["ETC-1"]


@pytest.mark.parametrize("typed", ["zzz", "sfx", "身证", "shenfenzhengx", "é", "djjm", "djju", "…"])
def test_what_does_not_fit_is_not_found(found, typed):
    """`djjm` would run from the end of one name into the next."""
    assert found(typed) == []


def test_readings_of_one_character_are_not_mixed(found):
    """食 is shi and yi: y and then h are the beginnings of neither."""
    assert "CS-01" not in found("yhp")


def test_the_plain_reading_comes_before_the_rare_one(client):
    found = [matter["name"] for matter in client.get("matters?q=yh").json["items"]]
    assert found == ["银行开户"]


def test_everything_is_listed_for_nothing_typed(client):
    assert len(client.get("matters?q= ").json["items"]) == 4


def test_a_list_may_be_of_one_area_and_no_longer_than_asked(client):
    assert [one["code"] for one in client.get("matters?area=公安服务").json["items"]] == ["GA-1", "GA-2"]
    assert len(client.get("matters?limit=1").json["items"]) == 1


def test_ten_thousand_matters_are_searched_in_a_few_milliseconds():
    """script/bench says how many exactly; here only that nothing grows with what is typed."""
    names = list(NAMES.values())
    many = [matter(f"X-{n}", names[n % 9] + names[n // 9 % 9] + names[n // 81 % 9]) for n in range(10_000)]
    index = MatterIndex(many)
    for typed in ("jm", "jmsfzhl", "shenfenzheng", "身份z", "h" * 49 + "q", "z" * 50):
        begun = time.process_time()
        index.search(typed)
        assert time.process_time() - begun < 0.1, typed


def test_nothing_is_imported_for_it_before_somebody_types():
    code = "import sys, web.search as s; s.Search()((), ' '); sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_plain_material_is_a_row_with_that_name():
    [row] = CATALOGUE[0].materials
    assert (str(row), row.needed, row.copies) == ("居民身份证", True, 1)
    again = msgspec.json.decode(msgspec.json.encode(CATALOGUE[0]), type=Matter)
    assert again == CATALOGUE[0]
