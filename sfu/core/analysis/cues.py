"""Which sentences decide something, and which promise that somebody will do something.

By what people say when they do so, in English and in Chinese.  Rules miss what is said in other ways and are fooled
now and then; they invent nothing, and each hit is a sentence that was spoken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sfu.core.analysis.reading import Sentence

_DO = (
    "add|arrange|ask|book|bring|build|buy|call|change|check|circulate|clean|close|collect|compare|complete|confirm|"
    "contact|coordinate|copy|create|cut|deliver|deploy|design|do|document|draft|email|e-mail|explain|file|fill|find|"
    "finish|fix|follow|forward|gather|get|give|go|handle|help|hire|inform|install|interview|investigate|invite|keep|"
    "lead|list|look|make|measure|meet|merge|message|migrate|move|negotiate|note|notify|open|order|organi[sz]e|own|pay|"
    "phone|pick|plan|post|prepare|present|print|propose|provide|publish|push|put|raise|reach|read|release|remove|"
    "rename|repair|replace|report|request|research|reserve|resolve|review|rewrite|ring|run|schedule|sell|send|set|"
    "share|ship|sign|solve|sort|speak|start|submit|summari[sz]e|switch|take|talk|tell|test|text|train|translate|try|"
    "update|upload|upgrade|verify|visit|walk|work|write"
)
# Said with "I'll" all day long without promising anything.
_EMPTY = re.compile(
    r"\b(?:i'?ll|i will|let me|i'?m going to|i am going to|we'?ll|we will)\s+(?:just |quickly |now )?"
    r"(?:be (?:honest|brief|quick|back)|start (?:with|by|off)|tell you|give you (?:an|a quick|the)|go (?:first|"
    r"through|over|on|ahead)|"
    r"talk (?:about|you through)|read (?:it|this|that|you)|share (?:my|the) screen|move on|come back|get started|"
    r"take (?:that|it) as|put it (?:this|another) way|make (?:it|this) (?:short|quick)|do (?:that|this) now|"
    r"try to (?:be|explain))",
    re.I,
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DUE = re.compile(
    rf"\b((?:by|before|until|on|no later than|due)\s+(?:the\s+)?(?:end of (?:the |this |next )?(?:day|week|month|"
    rf"quarter|year)|"
    rf"(?:next |this |coming )?{_DAY}(?: (?:morning|afternoon|evening|night))?|tomorrow(?: (?:morning|afternoon|"
    rf"evening|night))?|"
    rf"tonight|noon|next (?:week|month|meeting|sprint)|then|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|the \d{{1,2}}(?:st|nd|rd|th)|\d{{1,2}}(?::\d\d)? ?(?:am|pm|o'clock))|"
    rf"tomorrow(?: (?:morning|afternoon|evening))?|tonight|next (?:week|month|{_DAY})|this (?:week|afternoon|evening|"
    rf"{_DAY})|"
    r"within (?:the )?(?:next )?(?:\w+ )?(?:hours?|days?|weeks?)|end of (?:day|week|month)|asap|as soon as possible)\b",
    re.I,
)
_DUE_ZH = re.compile(
    "((?:今天|今晚|明天|明早|后天|大后天|(?:这|本|下|下下)?(?:个)?(?:周|星期|礼拜)[一二三四五六日天]|(?:这|本|下)(?:个)?(?:周|星期|礼拜|月)|"
    "(?:本|这)?周末|月底|年底|季度末|[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}[日号]|[0-9一二三四五六七八九十]{1,3}号|"
    "[0-9一二两三四五六七八九十]+(?:天|周|个月)内|尽快)(?:早上|上午|中午|下午|晚上)?(?:之前|以前|前|内|以内)?)"
)

_DECIDED = re.compile(
    r"\b(?:we(?:'ve| have)?(?: all| now| finally| just)? (?:decided|agreed|settled|approved|chosen|voted)|"
    r"(?:it'?s|it is|that'?s|that is|everything is)(?: been)? (?:decided|agreed|settled|approved)|(?:has|"
    r"have) been (?:decided|agreed|approved)|"
    r"(?:the|our|my|final) decision (?:is|was)|(?:so |then |okay |ok )?let'?s (?:go with|stick with|stay with|"
    r"settle on|agree (?:on|to|that)|"
    r"use|drop|postpone|keep|choose|take the)|we(?:'ll| will|'re going to| are going to| shall) (?:go (?:with|for|"
    r"ahead)|stick (?:with|to)|"
    r"stay with|use|adopt|drop|postpone|keep|launch|switch to|not )|(?:we'?re|we are) (?:going with|all agreed|"
    r"agreed|not going to)|"
    r"decision:|agreed:|(?:motion|proposal|budget|plan) (?:is |was )?(?:approved|accepted|carried|passed|rejected))",
    re.I,
)
_SETTLED = re.compile(
    r"\b(?:\w+ ){1,5}it is[.!]?$|^\W*(?:agreed|deal|approved)\b[,.:]? \w+|^\W*(?:okay|ok|good|fine|right|great|"
    r"so)\W+(?:then |so )?we(?:'ll| will) \w+",
    re.I,
)
_UNDECIDED = re.compile(
    r"\b(?:not|n't|never|haven'?t|hasn'?t|nothing|if|whether|until|unless|once|when|before) (?:\w+ ){0,3}(?:decided|"
    r"agreed|settled|approved|decide|agree)\b|"
    r"\b(?:if|whether|when|unless|maybe|perhaps|could) we\b",
    re.I,
)
_DECIDED_ZH = re.compile(
    "决定|敲定|拍板|定下来|就这么定|就这么办|就定|一致同意|一致通过|大家都?同意|(?:方案|预算|提案|计划|决议|申请)[^，。]{0,6}(?:通过|批准)|确定(?:了|下来|用|采用|选)|"
    "最终(?:选|采用|确定)|^(?:同意|好|行|可以|那|没问题)[，,]?(?:那|我们|咱们)?就(?!是|像|说|看|这样说)|^同意[，,].|那就(?:定|用|选|去|按|放|改)|"
    "(?:我们|咱们)(?:就|还是)?(?:用|选|采用|采取|改成|改为|推迟到|延期到)"
)
_UNDECIDED_ZH = re.compile(
    "(?:还|尚|暂时)?(?:没有?|未|不能|无法|难以|怎么|如何|什么时候|谁来|再)(?:[^，。！？]{0,4})(?:决定|确定|敲定|定下来|同意|通过)|决定不了|是否|要不要|还没"
)

_SOFT = r"(?:also |then |just |please |definitely |probably |quickly |now |go and |try to |make sure to )*"
_MINE = re.compile(
    rf"\b(?:i'?ll|i will|i'?m going to|i am going to|i shall|i can|i could|i need to|i have to|i should|let me|"
    rf"i promise to|i'?m happy to) {_SOFT}(?:{_DO})\b",
    re.I,
)
_MINE_BY = re.compile(
    r"\b(?:i'?ll|i will|i'?m going to|i am going to|i need to|i have to) (?!be\b|see\b|say\b|miss\b|know\b|think\b|"
    r"have to\b)\w+",
    re.I,
)
"""Whatever it is, if they say until when."""
_OURS = re.compile(
    rf"\b(?:we|someone|somebody|everyone|everybody|you(?: all| guys| two)?) (?:need to|needs to|have to|has to|must|"
    rf"should|will) {_SOFT}(?:{_DO})\b|"
    rf"\bwe'?ll {_SOFT}(?:{_DO})\b|\blet'?s (?:follow up|set up|schedule|arrange|organi[sz]e|ask|send|invite|book|"
    rf"prepare)\b",
    re.I,
)
_YOURS = re.compile(rf"\b(?:can|could|would|will) you {_SOFT}(?:{_DO})\b|\bplease {_SOFT}(?:{_DO})\b", re.I)
_NAMED = re.compile(
    rf"^\W*(?:to|will|should|needs? to|has to|must|is going to|is to|can|could|can you|could you|would you|will you|"
    rf"please)\s+{_SOFT}(?:{_DO})\b",
    re.I,
)
_SAID_SO = re.compile(
    r"\b(?:action items?|action points?|to-?do|next steps?)\b(?: for [\w ]+?)?\s*(?::|is|are|,)",
    re.I,
)
_MAYBE = re.compile(
    r"\b(?:if (?:i|we|you) |i could (?:have|also have)|should have|could have|would have|used to)\b",
    re.I,
)

_DO_ZH = (
    "发|写|准备|整理|检查|联系|确认|更新|安排|预订|预定|订|买|查|看一下|看看|看一看|修|改|修改|修复|测试|做|完成|提交|提供|汇总|总结|通知|跟进|跟踪|说一声|说一下|告诉|转告|负责|调研|研究|"
    "设计|部署|上线|发布|讨论|沟通|翻译|打印|下载|上传|安装|解决|处理|收集|统计|反馈|汇报|申请|邀请|组织|起草|审核|评审|回复|落实|找|问|约|打电话|拿|带|帮|对接|核对|补充|同步|推进|牵头"
)
_MINE_ZH = re.compile(
    f"我(?!们|觉得|认为|以为|想问|想说|听说|看到|发现|记得|同意)(?:来|会|去|可以|今天|明天|后天|下周|这周|尽快|先|再|马上|回头|之后|[^，。！？吗]{{0,8}}?)?(?:会|来|去|先|再|"
    f"把[^，。！？]{{1,12}})?(?:{_DO_ZH})",
)
_YOURS_ZH = re.compile(
    f"(?:请|麻烦|拜托|劳驾)(?:你|您|大家|各位)?[^，。！？]{{0,14}}?(?:{_DO_ZH})|(?:你|您|你们|大家)(?:来|去|负责|记得|需要|要|把[^，。！？]{{1,12}}|下周|"
    f"明天|今天)[^，。！？]{{0,8}}?(?:{_DO_ZH})",
)
_OURS_ZH = re.compile(
    f"(?:我们|咱们|大家|团队)(?:需要|得|要|应该|必须|记得|下周|明天|尽快)[^，。！？]{{0,10}}?(?:{_DO_ZH})|(?:需要|必须|记得|(?:^|"
    f"，)得)[^，。！？]{{0,8}}?(?:{_DO_ZH})",
)
_NAMED_ZH = re.compile(
    f"^(?:你|来|去|负责|会|需要|要|得|请|把|记得|下周|明天|今天|后天|尽快)?[^，。！？]{{0,14}}?(?:{_DO_ZH})"
)
_SAID_SO_ZH = re.compile("(?:待办|行动项|后续工作|下一步)(?:事项)?(?:是|有|：|:)")
_EMPTY_ZH = re.compile(
    "(?:今天|现在|下面|接下来|首先)(?:我们|咱们|大家|我)?(?:先|来|就)*(?:讨论|看|说|沟通|讲|汇报)|"
    "我(?:来|先|再)?(?:说|讲|介绍|补充|总结|汇报|问)(?:一下|几句|两句|一点|一个问题|个问题)|"
    "我(?:觉得|认为|想|看)[^，。！？]{0,2}(?:大家|我们|这个)"
)
_ASKED_FIRST = re.compile(
    rf"^\W*(?:and |so |then |okay |ok )*(?:please|(?:can|could|would|will) you) {_SOFT}(?:{_DO})\b",
    re.I,
)
_TAKEN_UP = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|sure|okay|ok|of course|no problem)\W+)*(?:i can|i could|i'?ll|i will) (?:do|handle|"
    r"take) (?:that|it|this|so)\W*$",
    re.I,
)
_ASKED = re.compile(r"[?？]\W*$|[吗呢]\W*$")
_ASKED_EN = re.compile(
    r"^\W*(?:so |and |but |well |okay |ok )*(?:do|does|did|have|has|is|are|was|were|what|why|how|when|who|which|"
    r"where|shall|should) (?!you please)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Promise:
    """`owner`: a name, or "" where it is not said; `due`: until when, in the words that were said."""

    owner: str
    due: str


def decides(text: str) -> bool:
    """Whether this sentence says that something is decided."""
    if _asks(text):
        return False
    if (_DECIDED.search(text) or _SETTLED.search(text)) and not _UNDECIDED.search(text):
        return True
    return bool(_DECIDED_ZH.search(text)) and not _UNDECIDED_ZH.search(text)


def promise(said: Sentence, names: Sequence[str]) -> Promise | None:
    """What this sentence says somebody will do.  `names`: who is there, as they are shown."""
    text, due = said.text.replace("’", "'"), due_of(said.text)
    if _MAYBE.search(text):
        return None
    if (other := _called(text, names)) is not None:
        return Promise(other, due)
    if _mine(text, due) and not _ASKED_FIRST.match(text):
        return Promise(said.name, due)
    asked = (_YOURS.search(text) and not _ASKED_EN.match(text)) or (_YOURS_ZH.search(text) and not _wonders(text))
    return Promise("", due) if asked or _told(text, due) else None


def _told(text: str, due: str) -> bool:
    if _asks(text) or decides(text):
        return False
    return _ours(text, due) or bool(_SAID_SO.search(text) or _SAID_SO_ZH.search(text))


def due_of(text: str) -> str:
    found = _DUE.search(text) or _DUE_ZH.search(text)
    return found.group(1) if found is not None else ""


def _mine(text: str, due: str) -> bool:
    if _asks(text):
        return False
    if _MINE.search(text) or (due and _MINE_BY.search(text)):
        return not _EMPTY.search(text) and not _TAKEN_UP.match(text)
    return bool(_MINE_ZH.search(text)) and not _EMPTY_ZH.search(text) and not decides(text)


def _ours(text: str, due: str) -> bool:
    """A wish of everybody's is work only where somebody says until when, or that it has to be."""
    if _EMPTY.search(text):
        return False
    if _OURS.search(text):
        return bool(due) or not re.search(r"\bwe should\b", text, re.I)
    return bool(_OURS_ZH.search(text)) and not _EMPTY_ZH.search(text)


def _called(text: str, names: Sequence[str]) -> str | None:
    """Whoever is told by name to do it: the whole name, or the first of its parts that nobody else has."""
    for name in names:
        for part in dict.fromkeys((name, *_parts(name, names))):
            at = re.search(rf"(?<!\w){re.escape(part)}(?!\w)" if part.isascii() else re.escape(part), text, re.I)
            if at is None:
                continue
            rest = text[at.end() :].lstrip(" ,，、:：")
            if _NAMED.match(rest) or (not part.isascii() and _NAMED_ZH.match(rest) and not _wonders(text)):
                return name
    return None


def _parts(name: str, names: Sequence[str]) -> list[str]:
    """Ana of "Ana Costa"; 小明 or 明 of nobody: Chinese names are said whole, or without the family name."""
    parts = [part for part in name.split() if len(part) > 1]
    if not name.isascii() and 3 <= len(name) <= 4 and " " not in name:
        parts.append(name[1:])
    shared = {part.casefold() for other in names if other != name for part in (*other.split(), other[1:])}
    return [part for part in parts if part.casefold() not in shared]


def _wonders(text: str) -> bool:
    """Asks, and not politely for something to be done (…吗？)."""
    return bool(_ASKED.search(text.rstrip("吗？?")))


def _asks(text: str) -> bool:
    return bool(_ASKED.search(text) or _ASKED_EN.match(text))
