import pytest

from web.search import Fit, how_it_fits


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("居民身份证换领", "sfz"),
        ("居民身份证换领", "shenfenzheng"),
        ("居民身份证换领", "sfzheng"),
        ("居民身份证换领", "shenf"),
        ("居民身份证换领", "身份证"),
        ("养老保险、医疗保险参保", "bxyl"),
    ],
)
def test_a_matter_is_found_by_name_pinyin_and_initials(name, typed):
    assert how_it_fits("X-1", name, typed) is Fit.PLAINLY


@pytest.mark.parametrize("typed", ["yhkh", "yinhangkaihu", "yxkh"])
def test_a_character_with_several_readings_is_found_by_each(typed):
    assert how_it_fits("X-1", "银行开户", typed) is not Fit.NOT


@pytest.mark.parametrize("typed", ["zzz", "sfx", "身证", "shenfenzhengx", "é"])
def test_what_does_not_fit_is_not_found(typed):
    assert how_it_fits("X-1", "居民身份证", typed) is Fit.NOT


def test_the_plain_reading_comes_before_the_rare_one(client):
    found = [matter["name"] for matter in client.get("matters?q=yh").json["items"]]
    assert found == ["银行开户"]


def test_everything_is_listed_for_nothing_typed(client):
    assert len(client.get("matters?q= ").json["items"]) == 4


def test_many_readings_of_a_long_name_do_not_take_for_ever():
    assert how_it_fits("X-1", "行重和" * 60, "h" * 49 + "q") is Fit.NOT
