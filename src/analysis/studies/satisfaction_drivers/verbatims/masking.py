"""Mask what could name somebody in a comment, and what a page could take for markup.

Masking errs on the side of hiding: a capitalised word within an English sentence, or
four digits in a row, go even where they name nobody. What is left is shown as plain
text; that a comment can be recognised by its wording remains, and is said beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from analysis.presentation.disclosure.identifiers import find_identifiers
from analysis.wording import mark, say

NAME, NUMBER, AMOUNT, CONTACT, PLACE = (
    mark("[name]"),
    mark("[number]"),
    mark("[amount]"),
    mark("[contact]"),
    mark("[branch]"),
)
"""What stands in for what was masked."""
LONGEST: Final = 80
"""Characters of a quote; a Chinese one is cut to half of them."""

_SURNAMES = (
    "欧阳|司马|上官|诸葛|皇甫|尉迟|令狐|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱郭林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余"
    "杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾韦邱邹孟熊秦阎薛侯龙段雷钱汤尹黎武赖龚]"
)
_TITLES_ZH = (
    "先生|女士|小姐|太太|夫人|经理|主任|行长|主管|老师|师傅|阿姨|同志|大姐|大哥|医生|"
    "老板|总"
)
_ROLES_ZH = (
    "经办人?|办事员|接待|负责人|联系人|柜员|经理|行长|主任|员工|工作人员|客服|保安|大堂|"
    "同事|职员"
)
_TITLES_EN = "mr|mrs|ms|mx|miss|dr|prof|professor|sir|madam|madame"
_ROLES_EN = "manager|teller|clerk|advis[eo]r|colleague"
_PARTS = r"(?:\s+(?-i:de|da|van|von|der|al|bin|la|le|[A-Z][\w'’.-]*)){0,3}"
_MONEY_ZH = "元|块钱|块|万元|万|亿元|亿|角|人民币|美元|港币|美金"
_MONEY_EN = "yuan|rmb|cny|dollars?|usd|hkd|euros?|eur|pounds?|gbp|bucks|kuai|k\\b"
_DIGITS = r"\d(?:[\s.,·\-‐-―/()]{0,3}\d)"
_NUMERALS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_PLACES_ZH = "支行|分行|分理处|营业部|营业厅|储蓄所|小区|花园|大厦|路|街|镇|村"
_KEPT_CAPITALS: Final = frozenset({
    "I", "I'm", "I've", "I'd", "I'll", "App", "ATM", "ATMs", "SMS", "PIN", "OTP", "QR",
    "OK", "VIP", "FAQ", "CEO", "IT", "TV", "iPhone", "Android", "Chinese", "English",
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December", "WeChat", "Alipay", "The", "This",
    "That", "My", "Your", "Our", "We", "They", "He", "She", "It", "You", "A", "An",
    "When", "After", "Every", "Why", "No", "Not", "Please", "But", "And", "If", "Is",
    "Are",
})  # fmt: skip
"""Words that may stand with a capital letter within a sentence."""
_WIDE_MARKS: Final = frozenset("，。；：！？（）、“”")
"""Marks of Chinese writing, which stay as they are."""
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MARKUP = str.maketrans(dict.fromkeys(r"<>[]{}|\`$#*_~^=&@", " "))
_TAG = re.compile(r"<[^<>]{0,200}>|\\[A-Za-z]+|!?\[([^\[\]]*)\]\([^()]*\)")

_E_MAIL = re.compile(
    r"[\w.+%-]+\s*(?:@|\(at\)|\[at\])\s*[\w-]+(?:\s*\.\s*[\w-]+)+", re.I
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|cn|net|org)\S*", re.I)
_ACCOUNT = re.compile(
    r"(?:微信|wechat|qq|weibo|微博|telegram)\s*(?:号|id)?\s*[:：是]?\s*[\w-]{5,}", re.I
)
_AMOUNT = re.compile(
    rf"(?:[¥￥$€£]|rmb|cny|usd)\s*\d[\d,.\s]*(?:{_MONEY_ZH}|k\b|m\b)?"
    rf"|\d[\d,.\s]*(?:{_MONEY_ZH}|{_MONEY_EN})"
    rf"|[{_NUMERALS}几数]+(?:{_MONEY_ZH})",
    re.I,
)
_LONG_NUMBER = re.compile(rf"[A-Za-z]{{0,4}}{_DIGITS}{{3,}}[A-Za-z]?")
_SPELT_NUMBER = re.compile(r"(?:[零〇一二三四五六七八九幺]\s*){6,}")
_NAME_ZH = re.compile(
    rf"(?:小|老|阿)?(?:{_SURNAMES})(?:[\u4e00-\u9fff]{{0,2}}?)(?={_TITLES_ZH})"
    rf"|(?<=叫)(?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}"
    rf"|(?:(?<=姓名)|(?<=户名)|(?<=名字))[\s:：是]*[\u4e00-\u9fff]{{2,4}}"
    rf"|(?:(?<=我是)|(?<=我姓)|(?<=叫做))(?:{_SURNAMES})[\u4e00-\u9fff]{{0,2}}"
)
_ROLE_NAME_ZH = re.compile(
    rf"({_ROLES_ZH})(?:小|老)?(?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}"
)
_NAME_EN = re.compile(
    rf"\b(?:{_TITLES_EN})\b\.?\s+[A-Za-z][\w'’.-]*{_PARTS}"
    rf"|\b(?:{_ROLES_EN})\s+(?-i:[A-Z])[\w'’.-]*{_PARTS}"
    rf"|(?:my name is|i am called|named|called|this is)\s+[A-Za-z][\w'’.-]*{_PARTS}",
    re.I,
)
_PLACE_EN = re.compile(r"\b(?:[A-Z][\w'’]*\s+){1,3}[Bb]ranch\b")
_CAPITALS = re.compile(r"(?<![.!?。！？] )(?<!^)\b[A-Z][\w'’]*[A-Za-z][\w'’-]*")
_FULL_NAME = re.compile(r"\b[A-Z][a-z'’]+(?:[\s-]+[A-Z][\w'’]+)+")
_PLACE_ZH = re.compile(
    r"[^\s，。,.!！?？；;、的在去到了是和与这那个家每我们您你很多走马]{1,8}"
    rf"(?:{_PLACES_ZH}|(?<=[路街区站城镇村州])网点)(?!程|过)"
)


def mask_comment(text: str, *, places: Iterable[str] = ()) -> str:
    """Mask names, contacts, numbers, amounts and places of a comment.

    Parameters
    ----------
    text : str
        As it was written.
    places : iterable of str
        Names of the bank's branches.

    Returns
    -------
    str
        One line of plain text; empty where an identifier is still in it.
    """
    plain = flatten_text(text)
    for place in sorted(filter(None, places), key=len, reverse=True):
        plain = plain.replace(flatten_text(place), _token("P"))
    plain = _replace(plain, (*_NUMBER_STEPS, *_NAME_STEPS))
    for letter, words in _MASKS.items():
        plain = re.sub(rf"(?:{_token(letter)}\s*)+", f" {say(words)} ", plain)
    shown = re.sub(r"\s+", " ", plain).strip()
    return "" if find_identifiers(shown) else shown


def drop_masked(text: str) -> str:
    """Leave numbers, contacts and places out of a comment: it is not about these.

    Parameters
    ----------
    text : str
        As it was written.

    Returns
    -------
    str
        Plain text. Names stay: a capital letter may as well begin a topic.
    """
    plain = _replace(flatten_text(text), _NUMBER_STEPS)
    return re.sub("[\ue000-\uf8ff]", " ", plain)


def flatten_text(text: str) -> str:
    """Write a text in one line of plain characters.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Full-width letters and digits as usual ones; without tags, commands, invisible
        characters and line ends.
    """
    plain = "".join(
        c if c in _WIDE_MARKS else unicodedata.normalize("NFKC", c) for c in text
    )
    plain = _INVISIBLE.sub("", plain)
    plain = _TAG.sub(lambda tag: f" {tag[1] or ''} ", plain)
    kept = (c if unicodedata.category(c)[0] != "C" else " " for c in plain)
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def shorten(text: str) -> str:
    """Cut a text to the length of a quote, at the end of a clause if there is one.

    Parameters
    ----------
    text : str
        A masked comment.

    Returns
    -------
    str
        At most `LONGEST` characters, half of that in Chinese.
    """
    is_wide = len(re.findall(r"[\u4e00-\u9fff]", text)) > len(text) / 4
    longest = LONGEST // 2 if is_wide else LONGEST
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    ends = [match.end() for match in re.finditer(r"[,.;!?，。；！？]", cut)]
    at = ends[-1] if ends and ends[-1] > longest // 3 else cut.rfind(" ")
    return cut[: at if at > longest // 3 else len(cut)].rstrip(" ,，;；") + "…"


def _replace(plain: str, steps: _Steps) -> str:
    for pattern, put in steps:
        plain = pattern.sub(put, plain)
    return plain.translate(_MARKUP)


def _token(letter: str) -> str:
    """Give a character of the private use area, which no comment can hold."""
    return chr(0xE000 + ord(letter))


def _hide_full_name(match: re.Match[str]) -> str:
    words = re.split(r"[\s-]+", match[0])
    return " ".join(w if w in _KEPT_CAPITALS else _token("N") for w in words)


def _hide_capital(match: re.Match[str]) -> str:
    is_kept = match[0] in _KEPT_CAPITALS or match[0].isupper()
    return match[0] if is_kept else _token("N")


_MASKS = {"N": NAME, "D": NUMBER, "A": AMOUNT, "C": CONTACT, "P": PLACE}
_Put = str | Callable[[re.Match[str]], str]
_Steps = tuple[tuple[re.Pattern[str], _Put], ...]
_NUMBER_STEPS: Final[_Steps] = (
    (_E_MAIL, _token("C")),
    (_LINK, _token("C")),
    (_ACCOUNT, _token("C")),
    (_AMOUNT, _token("A")),
    (_LONG_NUMBER, _token("D")),
    (_SPELT_NUMBER, _token("D")),
    (_PLACE_ZH, _token("P")),
    (_PLACE_EN, _token("P")),
)
_NAME_STEPS: Final[_Steps] = (
    (_NAME_ZH, _token("N")),
    (_ROLE_NAME_ZH, lambda match: match[1] + _token("N")),
    (_NAME_EN, _token("N")),
    (_FULL_NAME, _hide_full_name),
    (_CAPITALS, _hide_capital),
)
