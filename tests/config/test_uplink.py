"""[uplink]: what must be right before a rating leaves the hall."""

import subprocess

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


@pytest.fixture
def authority(hall):
    """authority("PEM"): a receiver's certificate in that form, beside the hall file; its name."""

    def make(form):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-subj", "/CN=hcp", "-keyout", hall.folder / "key",
             "-outform", form, "-out", hall.folder / form],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        return form

    return make


def test_an_authority_in_pem_is_good(hall, authority):
    hall.add(uplink(f'url = "https://h.cn/"\nca_file = "{authority("PEM")}"'))
    assert hall.load().uplink.ca_file == "PEM"


def test_an_authority_in_der_is_told_before_the_hall_is_to_open(hall, authority):
    hall.add(uplink(f'url = "https://h.cn/"\nca_file = "{authority("DER")}"'))
    with pytest.raises(Mistakes, match=r"uplink\.ca_file: DER holds no certificate in PEM"):
        hall.load()


def test_a_token_that_is_no_text_is_told(hall):
    (hall.folder / "token").write_bytes(b"\xff\xfe\x00")
    hall.add(uplink('url = "https://h.cn/"\ntoken_file = "token"'))
    with pytest.raises(Mistakes, match=r"uplink\.token_file: token is not text"):
        hall.load()
