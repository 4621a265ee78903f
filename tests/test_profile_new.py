"""`kioskd profile new`: what a page says goes in, a profile that passes its check comes out."""

import json

import pytest
from click.testing import CliRunner

from kioskd.cli import main
from kioskd.devices.profile_files import read_profile

SAMPLE = "7E 12 01 31 02 C7 EB 41 30 31 32 B5 BD 33 BA C5 B4 B0 BF DA 5B 0D"
"""The strip of docs/new-strip.md."""


def kioskd(*args, typed=None):
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="kioskd", input=typed)


def profile_of(file):
    return read_profile(file, (file.parent, *built_in()))


def built_in():
    from kioskd.config import profile_folders

    return profile_folders()


def test_a_strip_by_options_is_proved_by_its_example(tmp_path):
    file = tmp_path / "our-strip.toml"
    done = kioskd(
        "profile", "new", file, "--kind", "strip", "--title", "条屏", "--head", "7E", "--length", "--address",
        "--command", "31 02", "--check", "xor", "--check-from", "length", "--tail", "0D",
        "--example", SAMPLE, "--example-says", "请A012到3号窗口",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    profile = profile_of(file)
    assert profile.wire["frames"]["frame"]["layout"] == "7E LEN ADDR CMD TEXT CHECK 0D"
    assert profile.title == "条屏"
    checked = kioskd("profile", "check", file, "--json")
    assert json.loads(checked.output) == {
        "profile": str(file), "good": True, "kinds": ["display"], "driver": "framed",
    }  # fmt: skip


def test_a_wrong_reading_is_told_by_the_example_and_the_file_stays_to_be_mended(tmp_path):
    file = tmp_path / "our-strip.toml"
    done = kioskd(
        "profile", "new", file, "--kind", "strip", "--head", "7E", "--length", "--address",
        "--command", "31 02", "--check", "sum", "--tail", "0D",
        "--example", SAMPLE, "--example-says", "请A012到3号窗口",
    )  # fmt: skip
    assert done.exit_code == 1
    assert "wire.golden[0]" in done.output
    assert file.exists()
    told = json.loads(kioskd("profile", "check", file, "--json").output)
    assert (told["good"], len(told["mistakes"])) == (False, 2)
    again = kioskd("profile", "new", file, "--kind", "strip", "--tail", "0D")
    assert "is there already" in again.output


def test_a_strip_that_takes_lines_is_the_generic_one_with_another_end(tmp_path):
    file = tmp_path / "line-strip.toml"
    assert kioskd("profile", "new", file, "--kind", "strip", "--tail", "0D", "--baud", "4800").exit_code == 0
    assert 'inherits = "generic-text-strip"' in file.read_text("utf-8")
    profile = profile_of(file)
    assert (profile.port.baud, profile.wire["frames"]["line"]["layout"]) == (4800, "TEXT 0D")


def test_a_pad_by_questions(tmp_path):
    file = tmp_path / "our-pad.toml"
    typed = "\n".join(
        [
            "pad", "呼叫器", "9600", "AA 55", "n", "y", "", "sum", "", "y",  # kind … acknowledge
            "call=43", "what", "recall=52", "",
            "zz", "AA 55 05 43 48", "call", "5",
        ]
    )  # fmt: skip
    done = kioskd("profile", "new", file, typed=typed + "\n")
    assert done.exit_code == 0, done.output
    assert "'what' is not NAME=CODE" in done.output
    assert "'zz' is not bytes in hex" in done.output
    profile = profile_of(file)
    assert profile.wire["frames"]["frame"]["layout"] == "AA 55 ADDR KEY CHECK"
    assert profile.wire["keys"] == {"call": "43", "recall": "52"}
    assert profile.wire["receive"]["key"]["acknowledge"] == "echo"
    assert "good. 呼叫器" in done.output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--kind", "strip"], "where a frame begins or ends"),
        (["--kind", "strip", "--head", "7E"], "where the text ends"),
        (["--kind", "pad", "--head", "7E"], "a pad has keys"),
        (["--kind", "pad", "--tail", "7E", "--key", "call=1"], "'1' is not bytes in hex"),
        (["--kind", "strip", "--head", "7E", "--tail", "0D", "--check", "xor", "--check-from", "length"],
         "the frame has no length"),
        (["--kind", "strip", "--head", "7E", "--tail", "0D", "--check", "xro"], "'xro' is no checksum"),
    ],
)  # fmt: skip
def test_answers_that_make_no_profile_are_refused(tmp_path, options, says):
    done = kioskd("profile", "new", tmp_path / "x.toml", *options)
    assert done.exit_code != 0
    assert says in done.output


@pytest.mark.parametrize("check", ["", "sum", "xor", "CRC-16/MODBUS", "CRC-8/MAXIM-DOW"])
@pytest.mark.parametrize("begins", ["head", "length", "address", "command", "content"])
def test_every_combination_passes_its_check(tmp_path, check, begins):
    for kind in (["strip"], ["pad", "--key", "call=0C", "--key", "重呼=0D"]):
        file = tmp_path / f"{kind[0]}.toml"
        options = ["--head", "AA 55", "--length", "--address", "--command", "31", "--check", check]
        options += ["--check-from", begins] if check else []
        done = kioskd("profile", "new", file, "--kind", *kind, *options, "--tail", "16")
        assert done.exit_code == 0, done.output


def test_lists_and_shows_are_for_programs_too():
    listed = json.loads(kioskd("profile", "list", "--json").output)["items"]
    assert {"name": "ff68-keypad", "driver": "framed"}.items() <= next(
        one for one in listed if one["name"] == "ff68-keypad"
    ).items()
    assert json.loads(kioskd("profile", "show", "ff68", "--json").output)["wire"]["protocol"] == "ff68"
