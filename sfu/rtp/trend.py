"""Whether packets take longer and longer: the slope of their delay (the trendline of Google's congestion control).

Each group of packets that left together is compared with the one before: how much further apart did they come than
they left?  Those differences are summed up, smoothed, and a line is laid through the last twenty; its slope, scaled
by how much is known, is held against a threshold that follows what is usual on this path, so that the jitter of a
radio is not taken for a queue (Carlucci et al., "Analysis and design of the Google congestion control for WebRTC",
2016; constants as published with libwebrtc).  What follows from a growing queue is decided elsewhere.
"""

from __future__ import annotations

from collections import deque

# What leaves within 5 ms is one group: the pacing of a frame says nothing about the path.
_GROUP_S = 0.005
_WINDOW = 20
_SMOOTHING = 0.9
_GAIN = 4.0
_MOST_DELTAS = 60
_FIRST_THRESHOLD, _LEAST_THRESHOLD, _MOST_THRESHOLD = 12.5, 6.0, 600.0
# The threshold follows quickly upwards and slowly downwards, in units per millisecond.
_UP, _DOWN = 0.0087, 0.039
_MOST_STEP_MS = 100.0
# A slope that is seen once is noise.
_CONVINCED_MS = 10.0
# A path that was silent for so long is another one.
_FORGET_S = 3.0


class Trend:
    """`hear` what came, in the order of sending, then `judge`; `grows` says whether a queue does."""

    def __init__(self) -> None:
        self.grows = False
        self._has_group = self._has_before = False
        self._first_sent = self._last_sent = self._last_came = 0.0
        self._sent_before = self._came_before = 0.0
        """When the last of the group before was sent, and when it came."""
        self._points: deque[tuple[float, float]] = deque(maxlen=_WINDOW)
        self._sum = self._smoothed = 0.0
        self._deltas = 0
        self._slope = 0.0
        self._threshold = _FIRST_THRESHOLD
        self._over_ms = 0.0
        self._judged_at = 0.0

    def hear(self, sent_at: float, came_at: float) -> None:
        """Both in seconds, each on its own clock."""
        if not self._has_group:
            self._has_group = True
            self._first_sent, self._last_sent, self._last_came = sent_at, sent_at, came_at
            return
        if sent_at < self._first_sent:
            return  # late ones belong to a group that was judged
        if sent_at - self._first_sent <= _GROUP_S:
            self._last_sent, self._last_came = max(self._last_sent, sent_at), max(self._last_came, came_at)
            return
        if self._has_before:
            came = self._last_came
            self._compare(self._last_sent - self._sent_before, came - self._came_before, came)
        self._has_before = True
        self._sent_before, self._came_before = self._last_sent, self._last_came
        self._first_sent, self._last_sent, self._last_came = sent_at, sent_at, came_at

    def _compare(self, left_apart: float, came_apart: float, came_at: float) -> None:
        if not 0 <= came_apart < _FORGET_S or left_apart > _FORGET_S:
            self._points.clear()
            self._sum = self._smoothed = 0.0
            self._deltas = 0
            self.grows = False
            return
        self._deltas = min(self._deltas + 1, _MOST_DELTAS)
        self._sum += (came_apart - left_apart) * 1000
        self._smoothed = _SMOOTHING * self._smoothed + (1 - _SMOOTHING) * self._sum
        self._points.append((came_at * 1000, self._smoothed))

    def judge(self) -> None:
        """Lays the line: once a report is often enough, and a line a packet would cost more than the packet."""
        if len(self._points) < _WINDOW or self._points[-1][0] == self._judged_at:
            return
        passed_ms = min(self._points[-1][0] - self._judged_at, _MOST_STEP_MS)
        self._judged_at = self._points[-1][0]
        self._judge(self._fit(), passed_ms)

    def _fit(self) -> float:
        """Slope of the least-squares line."""
        count = len(self._points)
        sum_x = sum_y = above = below = 0.0
        for x, y in self._points:
            sum_x += x
            sum_y += y
        mean_x, mean_y = sum_x / count, sum_y / count
        for x, y in self._points:
            above += (x - mean_x) * (y - mean_y)
            below += (x - mean_x) * (x - mean_x)
        return above / below if below else 0.0

    def _judge(self, slope: float, passed_ms: float) -> None:
        scaled = self._deltas * slope * _GAIN
        if scaled > self._threshold:
            self._over_ms += passed_ms
            if self._over_ms > _CONVINCED_MS and slope >= self._slope:
                self.grows = True
        else:
            self._over_ms = 0.0
            self.grows = False
        self._slope = slope
        if abs(scaled) <= self._threshold + 15:  # a jump is no reason to believe that jumps are usual
            pull = _DOWN if abs(scaled) < self._threshold else _UP
            step = pull * (abs(scaled) - self._threshold) * passed_ms
            self._threshold = min(max(self._threshold + step, _LEAST_THRESHOLD), _MOST_THRESHOLD)
