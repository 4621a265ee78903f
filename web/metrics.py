"""Numbers for Prometheus, read from the hall and the devices when they are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from kioskd.devices.health import State
from kioskd.hall.model import WindowState
from kioskd.uplink.outbox import counts

if TYPE_CHECKING:
    from web.rooms import Rooms


class HallCollector(Collector):
    """The hall and its devices at this moment."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """Everything, read anew."""
        yield self._tickets()
        yield self._windows()
        yield self._devices()
        yield self._device_counters()
        yield self._reports()
        yield _one("kioskd_event_streams", "Open live event streams", self._rooms.live.count)

    def _tickets(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "kioskd_tickets", "Tickets of the present service day", labels=["line", "state"]
        )
        with self._rooms.hall.store.read() as snapshot:
            rows = snapshot.all(
                "SELECT line, state, count(*) FROM tickets"
                " WHERE service_day = (SELECT max(day) FROM service_days WHERE withdrawn_at IS NULL)"
                " GROUP BY line, state"
            )
        for line, state, count in rows:
            family.add_metric([line, state], count)
        return family

    def _windows(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily("kioskd_windows", "Windows by state", labels=["state"])
        states = Counter(window.state for window in self._rooms.hall.queue().windows)
        for state in WindowState:
            family.add_metric([state], states[state])
        return family

    def _reports(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily("kioskd_reports", "Ratings to be reported upward", labels=["state"])
        for state, count in counts(self._rooms.hall.store).items():
            family.add_metric([state], count)
        return family

    def _devices(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "kioskd_device_state", "1 for the state each device is in", labels=["device", "state"]
        )
        for device in self._rooms.supervisor.devices.values():
            now = device.health().state
            for state in State:
                family.add_metric([device.name, state], float(state is now))
        return family

    def _device_counters(self) -> CounterMetricFamily:
        family = CounterMetricFamily(
            "kioskd_device_events", "What happened at each device", labels=["device", "counter"]
        )
        for device in self._rooms.supervisor.devices.values():
            for name, count in device.health().counters.items():
                family.add_metric([device.name, name], count)
        return family


def metrics_text(rooms: Rooms) -> bytes:
    """All metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(HallCollector(rooms))
    return generate_latest(registry)


def _one(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_, value=value)
