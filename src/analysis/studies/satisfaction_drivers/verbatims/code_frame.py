"""Words that tell what a comment is about, by attribute, in Chinese and English.

A comment is split into clauses; what a clause denies ("不是等太久", "not the fees")
is taken out before words are looked for. Words of the attribute's own label count too,
so that an attribute that is not listed here is found by its name.
"""

from __future__ import annotations

import re
from typing import Final

SEEDS: Final[dict[str, tuple[str, ...]]] = {
    "staff": (
        "柜员", "员工", "工作人员", "服务态度", "态度", "客服", "人员", "热情", "耐心",
        "staff", "teller", "clerk", "employee", "rude", "polite", "friendly", "attitude",
    ),
    "app": (
        "手机银行", "app", "软件", "闪退", "登录", "界面", "线上", "卡顿", "客户端",
        "login", "log in", "mobile", "crash", "online banking", "interface",
    ),
    "rates": (
        "利率", "利息", "存款收益", "定期", "降息",
        "interest", "deposit rate", "savings rate", "rates", "yield",
    ),
    "waiting": (
        "等", "排队", "叫号", "窗口", "队伍",
        "wait", "queue", "line", "counter open", "took ages",
    ),
    "trust": (
        "信任", "可靠", "放心", "诚信", "信赖", "安全感", "靠谱",
        "trust", "reliable", "honest", "confidence", "integrity",
    ),
    "complaints": (
        "投诉", "反馈", "回复", "问题没", "没人处理", "推诿", "处理结果",
        "complain", "complaint", "resolved", "problem handled", "no reply", "feedback",
    ),
    "fees": (
        "手续费", "收费", "费用", "年费", "扣费", "管理费", "乱收",
        "fee", "fees", "charge", "charges", "charged", "expensive", "cost",
    ),
    "transparency": (
        "透明", "说明", "条款", "隐瞒", "不清楚", "解释", "看不懂", "告知", "规则",
        "transparent", "unclear", "terms", "fine print", "explain", "hidden", "disclose",
    ),
    "branch": (
        "网点", "支行", "位置", "停车", "远", "营业时间", "关门",
        "branch", "branches", "location", "parking", "far", "opening hours",
    ),
    "advice": (
        "理财经理", "理财建议", "建议", "推荐", "推销", "客户经理", "投资", "规划",
        "advice", "advisor", "adviser", "recommend", "investment", "pushy", "plan",
    ),
    "saving_time": (
        "节省时间", "省时", "手续繁", "流程", "繁琐", "效率", "材料", "一次办",
        "paperwork", "procedure", "process", "efficient", "save time", "steps", "forms",
    ),
    "offerings": (
        "产品", "种类", "品种", "选择", "额度", "账户类型", "信用卡",
        "product", "products", "choice", "variety", "range", "options", "account types",
    ),
}  # fmt: skip
"""Words by the usual codes of attributes."""
NOTHING: Final = (
    "没有意见", "没意见", "无意见", "没什么", "暂无", "天气", "谢谢", "祝", "节日快乐",
    "no comment", "nothing", "thank you", "thanks", "weather", "happy new year", "n/a",
)  # fmt: skip
"""Words of comments about none of the attributes."""

_CLAUSE = re.compile(r"[，。,.;；!！?？、:：\n]|\bbut\b|\bhowever\b|但是?|而是|可是|不过")
_DENIAL = re.compile(
    r"(?:并?不是|并非|不在于|不怪|不觉得|无关|不嫌)"
    r"|\b(?:not|isn't|wasn't|is not|was not|it's not|never)\s+(?:really\s+)?"
    r"(?:about|because of|due to|the|that|my)\b"
    r"|\b(?:no (?:problem|complaints?|issue) (?:with|about)|nothing wrong with|"
    r"don't mind|doesn't bother|nothing to do with)\b",
    re.I,
)
_PRAISE = re.compile(
    r"(?:没问题|没有问题|还可以|挺好|不错|很好|满意)$"
    r"|\b(?:is|are|was|were) (?:fine|ok|okay|good|great|no problem|not the problem)$",
    re.I,
)
_WORD = re.compile(r"[a-z0-9][a-z0-9' ]*", re.I)


def keep_claims(text: str) -> str:
    """Leave out of a comment what it denies, or calls fine before it complains.

    Parameters
    ----------
    text : str
        A comment in plain characters.

    Returns
    -------
    str
        Clauses that claim something, lower case, a comma between. All clauses where
        nothing else is left.

    Examples
    --------
    >>> keep_claims("不是等太久，是手续费太高")
    '是手续费太高'
    """
    clauses = [part.strip() for part in _CLAUSE.split(text.lower())]
    clauses = [part for part in clauses if part]
    claimed = [_DENIAL.split(part)[0].strip() for part in clauses]
    claimed = [part for part in claimed if part and not _PRAISE.search(part)]
    return ", ".join(claimed or clauses)


def list_seeds(code: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    """List the words that tell of an attribute.

    Parameters
    ----------
    code : str
        Attribute, as survey_items has it.
    labels : tuple of str
        Its names in any language.

    Returns
    -------
    tuple of str
        Lower case; those of the code frame, and the names.
    """
    named = [label.lower() for label in labels if label and label != code]
    return tuple(dict.fromkeys([*SEEDS.get(code, ()), *named]))


def compile_seeds(words: tuple[str, ...]) -> re.Pattern[str]:
    """Make one pattern of words; English ones match whole words and simple endings.

    Parameters
    ----------
    words : tuple of str
        Lower case.

    Returns
    -------
    re.Pattern
        Finds each word.
    """
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_write_pattern(word) for word in ordered))


def _write_pattern(word: str) -> str:
    if _WORD.fullmatch(word):
        return rf"(?<![a-z]){re.escape(word)}(?:s|es|ed|d|ing)?(?![a-z])"
    return re.escape(word)
