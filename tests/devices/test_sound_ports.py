"""Sound cards, as far as a computer without one can tell: the real `aplay` on ALSA's own file device."""

import os
import time

import pytest

from kioskd.devices import sound_alsa, sound_cards
from kioskd.devices.errors import PortError
from kioskd.devices.port_uri import parse_port
from kioskd.devices.ports import open_port
from kioskd.devices.profiles import PortSettings
from kioskd.devices.sound import make_sound, note, packed, read_sound
from kioskd.devices.sound_alsa import AlsaSound
from kioskd.devices.sound_cards import muted_in, named_card

SOUND = make_sound(packed(note(440, 0.5, 22050)), 22050)

CARDS = """\
 0 [PCH            ]: HDA-Intel - HDA Intel PCH
                      HDA Intel PCH at 0xf7d10000 irq 32
 1 [NVidia         ]: HDA-Intel - HDA NVidia
                      HDA NVidia at 0xf7080000 irq 17
 2 [Device         ]: USB-Audio - USB Audio Device
                      C-Media USB Audio Device at usb-0000:00:14.0-2, full speed
"""
TAPE = """
pcm.tape {{ type file; slave.pcm {{ type null }}; file "{file}"; format "raw" }}
pcm.!default {{ type plug; slave.pcm tape }}
"""


@pytest.fixture
def computer(tmp_path, monkeypatch):
    """A computer with three cards, of which NVidia cannot play; `default` plays onto a tape."""
    proc, nodes = tmp_path / "asound", tmp_path / "snd"
    for number in (0, 2):
        (proc / f"card{number}" / "pcm0p").mkdir(parents=True)
    (proc / "card1").mkdir()
    (proc / "cards").write_text(CARDS)
    nodes.mkdir()
    for number in (0, 1, 2):
        (nodes / f"controlC{number}").touch()
        (nodes / f"pcmC{number}D0p").touch()
    config = tmp_path / "alsa.conf"
    config.write_text(TAPE.format(file=tmp_path / "tape.raw"))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    monkeypatch.setattr(sound_cards.sound_cards, "__defaults__", (proc,))
    monkeypatch.setattr(sound_cards.nodes_of, "__defaults__", (nodes,))
    monkeypatch.setattr(sound_alsa, "_hanging", {})
    return tmp_path


def program(computer, monkeypatch, name, script):
    """Something else in the place of a program."""
    folder = computer / "bin"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_what_is_played_comes_out_sample_by_sample(computer):
    port = open_port(parse_port("alsa:default"), PortSettings())
    port.start(SOUND)
    assert port.ended(10)
    port.close()
    played = (computer / "tape.raw").read_bytes()
    assert played.startswith(SOUND.samples)
    assert not any(played[len(SOUND.samples) :])  # aplay fills its last period up with silence


def test_the_cards_that_can_play_are_listed_by_names_that_stay(computer):
    assert [card.at for card in sound_cards.sound_cards()] == [
        "alsa:plughw:CARD=PCH",
        "alsa:plughw:CARD=Device",
    ]


@pytest.mark.parametrize(
    ("pcm", "card"),
    [
        ("default", ""),
        ("plughw:CARD=PCH,DEV=3", "PCH"),
        ("sysdefault:CARD=Device", "Device"),
        ("plughw:1,0", "1"),
        ("hw:Device", "Device"),
        ("dmix:DEV=0,CARD=PCH", "PCH"),
    ],
)
def test_the_card_is_read_from_alsas_name(pcm, card):
    assert named_card(pcm) == card


def test_a_card_that_is_not_there_is_named_with_those_that_are(computer):
    with pytest.raises(PortError, match="there is: PCH, Device") as error:
        AlsaSound("plughw:CARD=Gone")
    assert error.value.reason == "port_missing"


def test_a_card_that_may_not_be_opened_names_the_group(computer, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: "pcmC0" not in str(path))
    with pytest.raises(PortError, match="usermod -aG") as error:
        AlsaSound("plughw:CARD=PCH")
    assert error.value.reason == "permission_denied"


def test_without_aplay_the_command_that_installs_it_is_told(computer, monkeypatch):
    monkeypatch.setenv("PATH", str(computer))
    with pytest.raises(PortError, match="sudo apt-get install alsa-utils") as error:
        AlsaSound("default")
    assert error.value.reason == "library_missing"


@pytest.mark.parametrize(
    ("last_words", "reason"),
    [
        ("aplay: main:830: audio open error: Device or resource busy", "busy"),
        ("aplay: main:830: audio open error: Permission denied", "permission_denied"),
        ("aplay: pcm_write:2127: write error: No such device", "port_lost"),
        ("aplay: set_params:1387: Unable to install hw params:", "port_lost"),
    ],
)
def test_what_aplay_complains_of_becomes_a_reason(computer, monkeypatch, last_words, reason):
    program(computer, monkeypatch, "aplay", f"cat >/dev/null; echo '{last_words}' >&2; exit 1")
    port = AlsaSound("default")
    port.start(SOUND)
    with pytest.raises(PortError) as error:
        port.ended(10)
    assert error.value.reason == reason
    port.close()


def test_a_player_that_hangs_is_waited_for_in_slices_and_killed(computer, monkeypatch):
    program(computer, monkeypatch, "aplay", "exec sleep 60")
    port = AlsaSound("default")
    port.start(SOUND)
    begun_s = time.monotonic()
    assert not port.ended(0.2)
    player = port._player
    port.stop()
    assert time.monotonic() - begun_s < 1
    assert player.poll() is not None
    assert port.ended(0)
    port.close()


def test_a_player_that_cannot_be_killed_keeps_the_port_closed_and_no_second_one_is_started(
    computer, monkeypatch
):
    """As one that hangs in the kernel: here a signal that does nothing stands for that."""
    program(computer, monkeypatch, "aplay", "exec sleep 60")
    port = AlsaSound("default")
    port.start(SOUND)
    player = port._player
    really_kill = player.kill
    monkeypatch.setattr(player, "kill", lambda: None)
    port.close()
    with pytest.raises(PortError) as error:
        AlsaSound("default")
    assert error.value.reason == "stuck"
    really_kill()
    player.wait(10)
    AlsaSound("default").close()


MIXER = """\
Simple mixer control 'Master',0
  Capabilities: pvolume pswitch
  Playback channels: Front Left - Front Right
  Limits: Playback 0 - 65536
  Mono:
  Front Left: Playback 42000 [64%] [{left}]
  Front Right: Playback 42000 [64%] [{right}]
Simple mixer control 'Headphone',0
  Capabilities: pvolume
  Playback channels: Front Left - Front Right
  Front Left: Playback {volume} [{volume}%] [-10.00dB]
Simple mixer control 'Capture',0
  Capabilities: cvolume cswitch
  Front Left: Capture 0 [0%] [off]
Simple mixer control 'IEC958',0
  Capabilities: pswitch
  Mono: Playback [off]
"""


@pytest.mark.parametrize(
    ("left", "right", "volume", "muted"),
    [
        ("on", "on", 50, ""),
        ("off", "on", 50, ""),
        ("off", "off", 50, "Master is off"),
        ("on", "on", 0, "Headphone is at 0 %"),
        ("off", "off", 0, "Master is off, Headphone is at 0 %"),
    ],
)
def test_a_mixer_says_what_is_muted(left, right, volume, muted):
    assert muted_in(MIXER.format(left=left, right=right, volume=volume)) == muted


def test_a_muted_card_is_seen_and_a_mixer_that_hangs_is_not_waited_for(computer, monkeypatch):
    port = AlsaSound("default")
    (computer / "mixer.txt").write_text(MIXER.format(left="off", right="off", volume=50))
    program(computer, monkeypatch, "amixer", f"cat {computer / 'mixer.txt'}")
    assert port.muted() == "Master is off"
    program(computer, monkeypatch, "amixer", "exec sleep 60")
    begun_s = time.monotonic()
    assert port.muted() == ""
    assert time.monotonic() - begun_s < 1.5
    port.close()


def test_a_card_that_is_pulled_out_is_lost(computer):
    port = AlsaSound("plughw:CARD=Device")
    (computer / "asound" / "cards").write_text(CARDS.split(" 2 [")[0])
    with pytest.raises(PortError) as error:
        port.muted()
    assert error.value.reason == "port_lost"
    port.close()


@pytest.mark.parametrize(
    "at", ["alsa:default", "alsa:plughw:CARD=PCH,DEV=0", "alsa:hw:1,0", "alsa:tcp:127.0.0.1:99"]
)
def test_ports_that_make_sense(at):
    assert str(parse_port(at)) == at


@pytest.mark.parametrize(
    "at", ["alsa:", "alsa:hw 1", "alsa:--help", "alsa:tcp:here", "alsa:default;reboot", "alsa:|x"]
)
def test_ports_that_do_not(at):
    with pytest.raises(ValueError, match="aplay -L"):
        parse_port(at)


@pytest.mark.parametrize(
    ("wav", "why"),
    [
        (b"", "no WAV"),
        (b"RIFF\x00\x00\x00\x00WAVE", "no WAV"),
        (b"ID3 an mp3", "no WAV"),
        (SOUND.wav[:30], "no WAV"),
    ],
)
def test_what_is_no_sound_is_refused(wav, why):
    with pytest.raises(ValueError, match=why):
        read_sound(wav)
