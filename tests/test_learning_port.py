"""Whose port it is that somebody wants to learn on."""

from kioskd.cli.learning import _same
from kioskd.devices import port_uri
from kioskd.devices.plugged import Plugged


def test_a_port_is_the_same_by_a_link_by_its_file_and_by_what_is_plugged_in(tmp_path, mocker):
    node = tmp_path / "ttyUSB0"
    node.touch()
    link = tmp_path / "counter"
    link.symlink_to(node)
    adapter = Plugged(scheme="serial", node=str(node), vendor=0x1A86, product=0x7523, path="1-2")
    mocker.patch.object(
        port_uri.resolve, "__kwdefaults__", {"find_plugged": lambda scheme, identity: adapter}
    )
    assert _same("serial:1a86:7523?path=1-2", f"serial:{node}")
    assert _same(f"serial:{link}", f"serial:{node}")
    assert not _same("tcp:10.0.0.9:4001", f"serial:{node}")
    assert not _same("emulator:", f"serial:{node}")
