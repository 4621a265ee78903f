"""[uplink]: what must be right before a rating leaves the hall."""

import pytest

from kioskd.reading import Mistakes


def uplink(text):
    return f"[uplink]\n{text}\n"


def test_nothing_is_reported_where_nobody_says_where_to(hall):
    loaded = hall.load()
    assert loaded.uplink.url == ""
    assert loaded.uplink_fields == {}


def test_a_receiver_and_its_fields(hall):
    (hall.folder / "token").write_text("s", encoding="utf-8")
    hall.add(uplink('url = "https://hcp.example.gov.cn/x"\nfields = "anhui"\ntoken_file = "token"'))
    assert hall.load().uplink_fields["projNo"] == "affair_no"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('url = "http://hcp.example.gov.cn/x"', "uplink.url: would send citizens' details in the clear"),
        ('url = "hcp.example.gov.cn"', "uplink.url: 'hcp.example.gov.cn' is no address of a receiver"),
        ('url = "https://u:p@hcp.example.gov.cn/"', "uplink.url: has a password in it"),
        ('url = "https://h.cn/"\nfields = "guangdon"', "did you mean 'guangdong'?"),
        ('url = "https://h.cn/"\ntoken_file = "none"', "uplink.token_file: none cannot be read"),
        ('url = "https://h.cn/"\nhall_code = "杭州"', "uplink.hall_code"),
        ('url = "https://h.cn/"\nretries = 3', "uplink.retries: unknown key"),
    ],
)
def test_mistakes_are_told(hall, table, told):
    hall.add(uplink(table))
    with pytest.raises(Mistakes) as caught:
        hall.load()
    assert told in str(caught.value)
