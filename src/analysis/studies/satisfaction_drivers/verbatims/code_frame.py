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
        "柜员", "员工", "工作人员", "服务态度", "态度", "人员", "热情", "耐心",
        "业务不熟", "业务生疏", "大堂经理", "客户经理", "不耐烦",
        "staff", "teller", "clerk", "employee", "rude", "polite", "friendly",
        "attitude", "relationship manager", "adviser was", "unhelpful",
    ),
    "app": (
        "手机银行", "app", "软件", "闪退", "登录", "界面", "线上", "卡顿", "客户端",
        "login", "log in", "mobile", "crash", "online banking", "interface",
    ),
    "rates": (
        "利率", "利息", "存款收益", "存单", "降息",
        "interest", "deposit rate", "savings rate", "interest rate", "rates",
    ),
    "waiting": (
        "等了", "等候", "等待", "要等", "久等", "排队", "叫号", "窗口", "队伍",
        "wait", "queue", "in line", "counter open", "took ages", "served at once",
    ),
    "trust": (
        "信任", "可靠", "放心", "诚信", "信赖", "安全感", "靠谱",
        "个人信息", "泄露", "安全", "冻结", "承诺", "说话不算", "骗", "踏实",
        "不敢信", "信不过", "信得过", "保本",
        "trust", "reliable", "honest", "confidence", "integrity", "promise", "privacy",
        "personal data", "safe", "security", "frozen", "scam", "misled",
    ),
    "complaints": (
        "投诉", "反馈", "反映问题", "反映的问题", "没人处理", "不了了之", "处理结果",
        "complain", "complaint", "resolved", "no reply", "no answer", "feedback",
    ),
    "fees": (
        "手续费", "收费", "费用", "年费", "扣费", "管理费", "乱收",
        "fee", "fees", "charge", "charges", "charged", "expensive", "cost",
    ),
    "transparency": (
        "透明", "说明", "条款", "隐瞒", "不清楚", "解释", "看不懂", "告知", "规则",
        "通知", "合同", "小字", "风险", "怎么算",
        "transparent", "unclear", "terms", "conditions", "fine print", "small print",
        "explain", "explained", "risk", "hidden", "disclose", "without notice",
    ),
    "branch": (
        "网点", "支行", "位置", "离家远", "营业时间", "关门",
        "branch", "branches", "location", "far away", "opening hours",
    ),
    "advice": (
        "理财经理", "理财建议", "投资建议", "推荐", "推销产品", "资产配置", "规划",
        "advice", "investment advice", "recommendation", "financial plan", "pushy",
    ),
    "saving_time": (
        "节省时间", "省时", "手续繁", "流程", "繁琐", "材料", "来回跑",
        "paperwork", "procedure", "save time", "too many steps", "forms to fill",
    ),
    "offerings": (
        "产品种类", "产品太少", "品种", "选择少", "产品丰富", "账户类型",
        "product range", "choice", "variety", "more products", "account types",
    ),
}  # fmt: skip
"""Words by the usual codes of attributes."""
_CLAUSE = re.compile(r"[，。,.;；!！?？、:：|\n]| - ")
_DENIAL = re.compile(
    r"(?:并?不是|并非|不在于|不怪|不觉得|无关|不嫌)"
    r"|\b(?:not|isn't|wasn't|never)\s+(?:really\s+)?"
    r"(?:about|because of|due to|the|that|my)\b"
    r"|\b(?:no (?:problem|complaints?|issue) (?:with|about)|nothing wrong with|"
    r"nothing to do with)\b",
    re.I,
)
_CONCESSION = re.compile(
    r"无所谓|不在意|不在乎|不介意|不担心|倒是|倒没|倒还|其实.{0,4}(?:挺|还|不)"
    r"|\b(?:don't|do not|doesn't|does not) (?:mind|bother|worry|doubt)\b"
    r"|\bnot (?:my|a) (?:worry|problem|concern)\b",
    re.I,
)
_CONTRAST = re.compile(r"\b(?:but|however)\b[,:\s]*|但是|而是|可是|不过|只是|但")
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
    # What stands before "but" is granted; what follows is meant.
    after = [part for part in _CONTRAST.split(text.lower()) if part.strip()]
    meant = after[-1] if after else text.lower()
    clauses = [part.strip() for part in _CLAUSE.split(meant)]
    clauses = [part for part in clauses if part]
    claimed = [_DENIAL.split(part)[0].strip() for part in clauses]
    is_granted = re.compile(f"{_PRAISE.pattern}|{_CONCESSION.pattern}", re.I)
    claimed = [part for part in claimed if part and not is_granted.search(part)]
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
