"""What must be there for the voice that [voice] asks for, and make sense."""

from __future__ import annotations

from kioskd.config.reader import Tables
from kioskd.reading import Mistakes
from kioskd.voice.sentences import read_sentences


def check_voice(tables: Tables) -> None:
    """Files and folders, the hall's own sentences, and hours that can be.

    Missing clips are no mistake: others speak then, and `kioskd voice check` tells them.
    """
    voice = tables.voice
    if voice is None:
        return
    base = tables.path.parent
    if voice.clips and not (base / voice.clips).is_dir():
        tables.notes.add(
            "voice.clips",
            "",
            f"there is no folder {base / voice.clips}",
            "docs/voice.md says what belongs in it",
        )
    if voice.piper:
        for name in (voice.piper, f"{voice.piper}.json"):
            if not (base / name).is_file():
                tables.notes.add(
                    "voice.piper",
                    "",
                    f"there is no file {base / name}",
                    "a voice is NAME.onnx and NAME.onnx.json",
                )
    if voice.sentences:
        try:
            read_sentences(base / voice.sentences)
        except Mistakes as wrong:
            tables.notes.mistakes.extend(wrong.mistakes)
    if len(set(voice.languages)) < len(voice.languages):
        tables.notes.add("voice.languages", "", "names a language twice")
    for index, hours in enumerate(voice.hours):
        if hours.begins == hours.ends:
            tables.notes.add(f"voice.hours[{index}]", "", f"begins and ends at {hours.begins}: that is never")
