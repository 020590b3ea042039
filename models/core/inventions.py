"""Sentences that Whisper learnt from subtitles and says when nothing was said.

The last and weakest layer against invention, after energy, voice detector and the model's own doubt: a whole final
that is one of these, over a moment of sound too short to have been it, is dropped.  People do say "thank you"; then
there is speech enough to say it.
"""

from __future__ import annotations

from models.core.hearing import normal

# Seconds of detected speech that it takes to really say one of them.
SAYING_TAKES = 0.45

# Said now and then: dropped only when there was no time to say them.
_SELDOM = (
    "Thanks for watching", "Thank you for watching", "Thank you", "Thank you very much", "Bye", "Bye-bye", "you",
    "The end", "谢谢观看", "谢谢大家", "谢谢",
)
# Subtitle credits, and our own script prompt: never said in a meeting, however long the sound.
_NEVER = (
    "Subtitles by the Amara.org community", "字幕由Amara.org社区提供", "字幕志愿者 李宗盛",
    "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "以下是普通话的句子",
)
_KNOWN_SELDOM = {normal(text) for text in _SELDOM}
_KNOWN_NEVER = {normal(text) for text in _NEVER}


def is_one(text: str, speech_s: float) -> bool:
    """Whether the whole of `text`, over `speech_s` seconds of detected speech, is an invention."""
    folded = normal(text)
    return folded in _KNOWN_NEVER or (folded in _KNOWN_SELDOM and speech_s < SAYING_TAKES)
