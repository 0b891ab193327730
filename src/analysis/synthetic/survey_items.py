"""What the survey asks: twelve attributes of three questions each, and the outcomes.

Everyone is asked three questions on each attribute, what level of it they expected, and
five more on the bank as a whole. Attributes differ in how well their questions measure
them, so that an attribute measured badly looks less important than it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

QUESTIONS = 3
"""Questions on each attribute."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One attribute of the survey.

    Parameters
    ----------
    item, english, chinese : str
        Short name and the attribute's labels.
    weight : float
        Effect of one deviation on latent satisfaction.
    alpha : float
        Reliability of the mean of its three questions, halo aside.
    gap : float
        By how much the mean expectation lies above the mean performance, deviations.
    questions : tuple of (str, str)
        Wording of the questions, in English and in Chinese.
    """

    item: str
    english: str
    chinese: str
    weight: float
    alpha: float
    gap: float
    questions: tuple[tuple[str, str], ...]

    @property
    def reliability(self) -> float:
        """Share of the variance of one question that the attribute explains."""
        return self.alpha / (QUESTIONS - (QUESTIONS - 1) * self.alpha)


DRIVERS = (
    Driver("staff", "Staff", "服务人员", 0.30, 0.84, 0.20, (
        ("Staff were polite", "员工待人有礼"),
        ("Staff knew their business", "员工业务熟练"),
        ("Staff solved my problem", "员工解决了我的问题"),
    )),
    Driver("app", "Mobile app", "手机银行", 0.25, 0.90, 0.30, (
        ("The app is easy to use", "手机银行操作简便"),
        ("The app runs without faults", "手机银行运行稳定"),
        ("The app does all I need", "手机银行功能齐全"),
    )),
    Driver("rates", "Interest rates", "存款利率", 0.20, 0.86, 0.70, (
        ("Deposit rates are attractive", "存款利率有吸引力"),
        ("Rates match those of other banks", "利率不低于其他银行"),
        ("Rates are fair to old customers", "利率对老客户公平"),
    )),
    Driver("waiting", "Waiting time", "等候时间", 0.15, 0.84, 0.80, (
        ("I was served without a long wait", "无需久等即可办理业务"),
        ("Enough counters were open", "开放的窗口足够"),
        ("Queues were well organised", "排队叫号安排有序"),
    )),
    Driver("trust", "Trust", "信任", 0.12, 0.70, 0.10, (
        ("The bank keeps its word", "银行说到做到"),
        ("My money is safe here", "资金放在这里很安全"),
        ("The bank protects my data", "银行保护我的个人信息"),
    )),
    Driver("complaints", "Complaint handling", "投诉处理", 0.09, 0.80, 0.60, (
        ("Complaints are settled quickly", "投诉处理及时"),
        ("Complaints are settled fairly", "投诉处理公平"),
        ("It is easy to complain", "投诉渠道畅通"),
    )),
    Driver("fees", "Fees", "收费", 0.06, 0.92, 0.90, (
        ("Fees are reasonable", "收费合理"),
        ("Services are worth their fees", "服务物有所值"),
        ("I pay no needless fees", "没有多余的收费"),
    )),
    Driver("transparency", "Transparency", "信息透明", 0.03, 0.65, 0.35, (
        ("Terms are easy to understand", "条款通俗易懂"),
        ("Risks are explained", "风险讲解清楚"),
        ("Changes are announced in time", "变更及时告知"),
    )),
    Driver("branch", "Branch convenience", "网点便利", 0.0, 0.78, 0.00, (
        ("The branch is near", "网点离我近"),
        ("Opening hours suit me", "营业时间合适"),
        ("The branch is pleasant", "网点环境舒适"),
    )),
    Driver("advice", "Advice", "理财建议", 0.0, 0.82, 0.40, (
        ("Advice suits my situation", "理财建议适合我"),
        ("Advisers think of my interest", "理财经理为我着想"),
        ("Advice came when I needed it", "需要时能得到建议"),
    )),
    Driver("saving_time", "Saving time", "节省时间", 0.0, 0.74, 0.25, (
        ("Banking takes little time", "办理业务省时"),
        ("Forms are short", "填写的单据简单"),
        ("Things are done in one visit", "一次就能办成"),
    )),
    Driver("offerings", "Account offerings", "产品种类", 0.0, 0.86, -0.10, (
        ("There is a wide choice", "产品种类丰富"),
        ("Products fit my needs", "产品符合我的需要"),
        ("New products are useful", "新产品实用"),
    )),
)  # fmt: skip
WEIGHTS = np.array([driver.weight for driver in DRIVERS])
NUMBERS = {driver.item: number for number, driver in enumerate(DRIVERS)}
"""Place of each attribute in `DRIVERS`."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question as it stands in the contract's table.

    Parameters
    ----------
    item, role : str
        Short name, and a role of the contract.
    attribute : str or None
        What it is about.
    english, chinese : str
        Wording.
    lowest : int
        Lowest answer; the highest is 10.
    """

    item: str
    role: str
    attribute: str | None
    english: str
    chinese: str
    lowest: int = 1


def _list_ratings() -> tuple[Item, ...]:
    return tuple(
        Item(f"{driver.item}_{number}", "driver", driver.item, english, chinese)
        for driver in DRIVERS
        for number, (english, chinese) in enumerate(driver.questions, start=1)
    )


def _list_expected() -> tuple[Item, ...]:
    return tuple(
        Item(
            f"{driver.item}_expected",
            "expectation",
            driver.item,
            f"{driver.english}: what you expected",
            f"{driver.chinese}：您原先的期望",
        )
        for driver in DRIVERS
    )


OUTCOMES = (
    Item("overall", "satisfaction", None, "Overall satisfaction", "总体满意度"),
    Item("expectations_met", "acsi", None, "Expectations met", "达到期望的程度"),
    Item("ideal", "acsi", None, "Closeness to the ideal bank", "与理想银行的接近程度"),
    Item("recommend", "recommend", None, "Readiness to recommend", "推荐意愿", 0),
    Item("marker", "marker", None, "Liking of the colour blue", "对蓝色的喜好"),
)
ITEMS = (*_list_ratings(), *_list_expected(), *OUTCOMES)
"""All questions, in the order of the columns of the answers."""
PLACES = {item.item: place for place, item in enumerate(ITEMS)}
"""Column of each question among the answers."""
