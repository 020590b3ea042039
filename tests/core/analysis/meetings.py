"""Meetings that were written for these tests, with what a person would put into their minutes.

`D` marks what was decided, `A` what somebody is to do (with who and until when).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sfu.core.transcript import Line


@dataclass(frozen=True, slots=True)
class Told:
    name: str
    text: str
    kind: str = ""
    owner: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    language: str
    told: Sequence[Told]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(each.name for each in self.told))

    def lines(self) -> list[Line]:
        """One caption a sentence, a second for three words, and somebody else after a breath."""
        found: list[Line] = []
        at = 0.0
        for number, each in enumerate(self.told):
            length = max(1.0, (len(each.text.split()) if each.text.isascii() else len(each.text) / 2) / 3)
            speaker = f"p{self.names.index(each.name) + 1}"
            found.append(Line(
                segment=f"s{number}", speaker=speaker, name=each.name, text=each.text, language=self.language,
                start=round(at, 3), end=round(at + length, 3), confidence=0.9,
            ))  # fmt: skip
            at += length + 0.4
        return found


RELEASE = Script("en", [
    Told("Ana Costa", "Good morning everybody, can you all hear me?"),
    Told("Oskar Lindqvist", "Yes, loud and clear."),
    Told("Ana Costa", "Great. I'll share my screen so that you can see the plan."),
    Told("Ana Costa", "The first thing today is the release of the installer."),
    Told("Mei Tanaka", "The installer for Windows is nearly finished, but the signature is still missing."),
    Told("Mei Tanaka", "Without a signature Windows shows a warning when people start the installer."),
    Told("Oskar Lindqvist", "How long would it take to get a certificate for the signature?"),
    Told("Mei Tanaka", "The certificate takes about a week, and it costs two hundred euros a year."),
    Told("Ana Costa", "I think we should not release the installer without the signature."),
    Told("Oskar Lindqvist", "I agree, a warning on the first start scares people away."),
    Told("Ana Costa", "Okay, so we have decided to postpone the release by one week.", "D"),
    Told("Mei Tanaka", "I'll order the certificate and send the invoice by Friday.", "A", "Mei Tanaka", "by Friday"),
    Told("Ana Costa", "Oskar, could you update the notes before Thursday?", "A", "Oskar Lindqvist", "before Thursday"),
    Told("Oskar Lindqvist", "Sure, no problem."),
    Told("Ana Costa", "Then the second topic is the budget for the conference in Lisbon."),
    Told("Ana Costa", "The conference has sent us the prices of the stands, and the budget is smaller than last year."),
    Told("Oskar Lindqvist", "A small stand costs three thousand euros and a large stand costs seven thousand euros."),
    Told("Mei Tanaka", "Have we decided how many people travel to the conference?"),
    Told("Ana Costa", "Not yet, we haven't decided that."),
    Told("Oskar Lindqvist", "With four people the hotel in Lisbon would eat half of the budget for the conference."),
    Told("Mei Tanaka", "To be honest I would rather have the small stand and two people."),
    Told("Ana Costa", "That sounds reasonable to me."),
    Told("Ana Costa", "Let's go with the small stand and two people then.", "D"),
    Told("Oskar Lindqvist", "We need to book the hotel by the end of the month.", "A", "", "by the end of the month"),
    Told("Ana Costa", "Please send me the names of the two people, so I can fill in the form.", "A", "", ""),
    Told("Mei Tanaka", "I'll be honest, I am not a fan of travelling."),
    Told("Oskar Lindqvist", "Last time I was in Lisbon it rained the whole week."),
    Told("Ana Costa", "All right, that is everything. Thank you and goodbye."),
])  # fmt: skip

KITCHEN = Script("en", [
    Told("Sam", "So, the kitchen on the second floor."),
    Told("Priya", "The coffee machine in the kitchen is broken again, that is the third time this year."),
    Told("Sam", "What did the technician say about the coffee machine?"),
    Told("Priya", "He said the pump is worn out and that repairing the machine costs nearly as much as a new machine."),
    Told("Lee", "I have seen people walk to the station just to get coffee."),
    Told("Sam", "Then we're going with a new machine.", "D"),
    Told("Priya", "Lee will compare three offers and present them next Monday.", "A", "Lee", "next Monday"),
    Told("Lee", "Yes, I can do that."),
    Told("Sam", "The second point is the fire drill."),
    Told("Sam", "The fire drill has to take place before the summer, because the insurance asks for a report."),
    Told("Lee", "When was the last fire drill?"),
    Told("Priya", "Two years ago, and half of the building did not hear the alarm."),
    Told("Sam", "Somebody needs to check the alarm on the second floor this week.", "A", "", "this week"),
    Told("Priya", "I will talk to the caretaker tomorrow.", "A", "Priya", "tomorrow"),
    Told("Sam", "If we agree on a date today the report can go out in June."),
    Told("Lee", "The tenth of June would work for everybody in my team."),
    Told("Sam", "We agreed on the tenth of June for the fire drill.", "D"),
    Told("Sam", "Action item for me: write to the insurance.", "A", "", ""),
    Told("Priya", "I could have told you that a year ago."),
    Told("Lee", "Let me think about that for a second."),
    Told("Sam", "I would say we are done."),
])  # fmt: skip

PRODUCT_ZH = Script("zh", [
    Told("王小明", "大家早上好，能听到我说话吗？"),
    Told("李娜", "可以听到。"),
    Told("王小明", "今天我们先讨论安装程序的发布时间。"),
    Told("李娜", "安装程序在视窗系统上基本完成了，但是安装程序的数字签名还没有拿到。"),
    Told("张伟", "没有数字签名，用户打开安装程序的时候会看到警告。"),
    Told("王小明", "申请数字签名的证书需要多长时间？"),
    Told("李娜", "证书大概需要一个星期，费用是每年两千元。"),
    Told("张伟", "我觉得没有签名的安装程序不应该发布。"),
    Told("王小明", "好，那我们决定把发布时间推迟一个星期。", "D"),
    Told("李娜", "我今天去申请证书，周五之前把发票发给你。", "A", "李娜", "今天"),
    Told("王小明", "张伟，请你在周四之前更新一下发布说明。", "A", "张伟", "周四之前"),
    Told("张伟", "没问题。"),
    Told("王小明", "下面我们来看展会的预算。"),
    Told("张伟", "展会的小展位要三万元，大展位要七万元，今年展会的预算比去年少。"),
    Told("李娜", "去展会的人数确定了吗？"),
    Told("王小明", "还没有确定。"),
    Told("张伟", "如果去四个人，酒店就要用掉展会预算的一半。"),
    Told("李娜", "我认为小展位加上两个人就够了。"),
    Told("王小明", "大家都同意的话，我们就用小展位。", "D"),
    Told("张伟", "需要在月底之前预订酒店。", "A", "", "月底之前"),
    Told("王小明", "李娜负责联系展会的主办方。", "A", "李娜", ""),
    Told("李娜", "我先说一下上次展会的情况。"),
    Told("李娜", "上次展会来了两百多个客户，效果还不错。"),
    Told("王小明", "好的，今天就到这里，谢谢大家。"),
])  # fmt: skip

CLINIC = Script("en", [
    Told("Dr. Berg", "Right, shall we begin with the waiting times?"),
    Told("Dr. Berg", "Patients wait forty minutes on average, and in the afternoon it is close to an hour."),
    Told("Nadia", "The phone is the problem, the front desk answers calls while people stand in line."),
    Told("Tom", "We could move the phone to the back office."),
    Told("Nadia", "That would help a lot."),
    Told("Dr. Berg", "Good, the phone moves to the back office from Monday.", "D"),
    Told("Tom", "I'm going to rewire the line on Saturday.", "A", "Tom", "on Saturday"),
    Told("Dr. Berg", "Nadia, please put up a sign for the patients.", "A", "Nadia", ""),
    Told("Nadia", "Will do."),
    Told("Tom", "Who pays for the new phone?"),
    Told("Dr. Berg", "The practice does, that is settled.", "D"),
    Told("Nadia", "Next, the vaccination days in autumn."),
    Told("Nadia", "Last autumn we gave nine hundred shots in three days and everybody was exhausted."),
    Told("Tom", "I'd suggest four days instead of three."),
    Told("Dr. Berg", "Fine with me, four days it is.", "D"),
    Told("Nadia", "Then I'd have to hire two more students."),
    Told("Dr. Berg", "Can you send me a list of candidates by the end of the week?", "A", "", "by the end of the week"),
    Told("Nadia", "I'll get that to you on Thursday.", "A", "Nadia", "on Thursday"),
    Told("Tom", "Should we order the vaccine early this time?"),
    Told("Dr. Berg", "Yes, definitely, Tom should call the supplier this week.", "A", "Tom", "this week"),
    Told("Dr. Berg", "I'll see you all tomorrow."),
])  # fmt: skip

SCHOOL_ZH = Script("zh", [
    Told("陈老师", "今天主要说两件事，春游和家长会。"),
    Told("刘老师", "春游去年去的是植物园，孩子们都很喜欢。"),
    Told("赵主任", "今年预算有限，能不能去近一点的地方？"),
    Told("陈老师", "城西的湿地公园不收门票，坐公交车半个小时就到。"),
    Told("刘老师", "湿地公园我去过，地方大，也安全。"),
    Told("赵主任", "那就定湿地公园吧。", "D"),
    Told("刘老师", "时间放在四月十二号怎么样？"),
    Told("赵主任", "可以，就四月十二号。", "D"),
    Told("赵主任", "刘老师，你去联系一下公交公司。", "A", "刘老师", ""),
    Told("刘老师", "行，我明天就打电话。", "A", "刘老师", "明天"),
    Told("陈老师", "我来写给家长的通知，这周五前发出去。", "A", "陈老师", "这周五前"),
    Told("赵主任", "家长会的时间还没定。"),
    Told("陈老师", "我建议放在期中考试以后。"),
    Told("赵主任", "同意，期中考试以后开。", "D"),
    Told("刘老师", "多媒体教室的投影仪坏了，得找人修一下。", "A", "", ""),
    Told("赵主任", "麻烦陈老师跟后勤说一声。", "A", "陈老师", ""),
    Told("陈老师", "好。"),
    Told("刘老师", "我觉得今年的学生比去年安静。"),
    Told("赵主任", "散会。"),
])  # fmt: skip

MISSED = frozenset({"Good, the phone moves to the back office from Monday."})
"""No rule sees a decision in a plain statement."""
