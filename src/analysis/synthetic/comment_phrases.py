"""What customers write of their bank, in Chinese and in English.

Blanks in braces are filled with made-up amounts, minutes, days and branches.
"""

from __future__ import annotations

from dataclasses import dataclass

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """Ways of writing about one attribute in one language.

    Parameters
    ----------
    complaints, praise : tuple of str
        Texts of those who think little, and much, of it.
    denials : tuple of str
        Beginnings that name the attribute to say that it is not what matters.
    """

    complaints: Texts
    praise: Texts
    denials: Texts


CHINESE = {
    "staff": Topic(
        (
            "柜员态度冷淡，问三句答一句",
            "{branch}的大堂经理爱理不理，业务也不熟",
            "工作人员推来推去，问题到现在也没解决",
            "客户经理换了三个，没有一个了解我的情况",
            "员工说话不耐烦，让人心里不舒服",
            "柜台小姑娘业务生疏，一笔转账弄错两次",
        ),
        ("柜员热情耐心，点赞", "{branch}员工服务周到，业务很熟", "客户经理很负责"),
        ("不是员工态度不好", "柜员其实挺客气"),
    ),
    "app": Topic(
        (
            "手机银行老是闪退，转账转到一半就卡住",
            "更新之后登录不上，人脸识别总是失败",
            "APP功能藏得太深，老年人根本找不到",
            "手机银行广告太多，查个余额要点好几下",
            "软件总提示系统繁忙，{amount}元的转账等了半天",
        ),
        ("手机银行很好用，转账秒到", "APP界面清楚，功能齐全", "线上办理方便快捷"),
        ("不是手机银行的毛病", "APP倒没出过问题"),
    ),
    "rates": Topic(
        (
            "存款利率太低，{amount}元存一年没多少利息",
            "利率比别的银行低，准备把定期转走",
            "新客户利率高，老客户反而吃亏",
            "大额存单利率一降再降，还经常没额度",
            "隔壁银行三年期利息高不少，你们该涨涨了",
        ),
        ("利率比其他银行高一点，满意", "大额存单利息不错", "存款收益稳定"),
        ("不是嫌利率低", "利息高低无所谓"),
    ),
    "waiting": Topic(
        (
            "排队等了{minutes}分钟，窗口只开一个",
            "{branch}每次去都要等大半个小时",
            "叫号太慢，取{amount}元等了{minutes}分钟",
            "柜台人多窗口少，中午更是没人办业务",
            "等候时间太长，预约了也没用",
        ),
        (
            "现在不用排队了，进门就办",
            "叫号很快，等了不到五分钟",
            "等候时间比以前短多了",
        ),
        ("不是等太久", "排队倒是不长"),
    ),
    "trust": Topic(
        (
            "理财亏了{amount}元，当初说好保本，以后不敢信了",
            "个人信息被泄露，天天接到推销电话",
            "说话不算数，答应的事没有下文",
            "账户无故被冻结，觉得钱放这里不安全",
            "把存款说成保险卖给我妈，太不诚信",
        ),
        ("老牌银行，放心", "钱放这里踏实，信得过", "多年客户，一直很信任"),
        ("不是信不过你们", "安全方面我不担心"),
    ),
    "complaints": Topic(
        (
            "投诉了{days}天还没有回复",
            "打了三次投诉电话，每次都要重新说一遍",
            "投诉之后没人跟进，最后不了了之",
            "反映的问题处理得不公平，只会道歉",
            "投诉渠道难找，客服只让等通知",
        ),
        ("投诉第二天就解决了", "反映问题后有专人回访，处理及时", "投诉处理得很公道"),
        ("我不是来投诉的", "投诉倒是处理得快"),
    ),
    "fees": Topic(
        (
            "莫名其妙扣了{amount}元年费",
            "手续费太贵，跨行转账还收钱",
            "小额账户管理费不合理，应该取消",
            "短信通知也要收费，收费项目太多",
            "提前还款收违约金，费用比别家高",
        ),
        ("转账免手续费，很好", "收费合理，没有乱扣钱", "年费减免，划算"),
        ("不是心疼手续费", "收费高低我不在意"),
    ),
    "transparency": Topic(
        (
            "条款太复杂，看不懂，风险也没讲清楚",
            "产品规则变了不通知，事后才知道",
            "合同里的小字没人解释",
            "宣传写的收益和实际不一样，说明含糊",
            "利息怎么算的没人说得明白",
        ),
        ("条款写得清楚明白", "风险讲得很透，不隐瞒", "变更提前通知，很透明"),
        ("不是说明不清楚", "条款我看得懂"),
    ),
}
ENGLISH = {
    "staff": Topic(
        (
            "The teller was rude and did not know how to help",
            "Staff at {branch} sent me from desk to desk",
            "Third relationship manager this year and none knows my case",
            "Employees seemed annoyed by my question",
        ),
        ("Very friendly and competent staff", "My adviser was kind and helpful"),
        ("It is not the staff", "The tellers are polite"),
    ),
    "app": Topic(
        (
            "The mobile app crashes whenever I transfer money",
            "Cannot log in since the update, face recognition fails",
            "The app is confusing and full of adverts",
            "App says system busy, my transfer of {amount} yuan got stuck",
        ),
        ("The app is fast and easy", "Love the mobile app, transfers are instant"),
        ("It is not the app", "The app works fine"),
    ),
    "rates": Topic(
        (
            "Deposit rates are too low, other banks pay more",
            "Interest on {amount} yuan is next to nothing",
            "New customers get better rates than loyal ones",
            "You cut the interest rate again, I will move my term deposit",
        ),
        ("Good interest rate on my deposit", "Your rates beat the other banks"),
        ("It is not about the interest rate", "I do not mind the low rate"),
    ),
    "waiting": Topic(
        (
            "Waited {minutes} minutes in line, only one counter open",
            "The queue at {branch} is far too long",
            "Waiting time is terrible even with an appointment",
            "Long queues at lunch time, {minutes} minutes to withdraw cash",
        ),
        ("No queue any more, served at once", "Short waiting time, well organised"),
        ("It is not the waiting", "The queue was not long"),
    ),
    "trust": Topic(
        (
            "I lost {amount} yuan on a product sold as safe, no trust left",
            "My personal data leaked, I get sales calls every day",
            "Promises are not kept",
            "My account was frozen for no reason, I do not feel safe",
        ),
        ("I trust this bank", "My money is safe here, reliable bank"),
        ("I do not doubt your honesty", "Safety is not my worry"),
    ),
    "complaints": Topic(
        (
            "My complaint has had no answer for {days} days",
            "Nobody followed up my complaint",
            "I had to explain my complaint three times",
            "The complaint was handled unfairly, only excuses",
        ),
        ("My complaint was solved the next day", "Complaint handled fairly, thanks"),
        ("This is not a complaint", "My complaint was settled soon enough"),
    ),
    "fees": Topic(
        (
            "Charged {amount} yuan in fees without warning",
            "Fees are too high, even for transfers",
            "The small account fee is unreasonable",
            "Why pay for text messages? Too many charges",
        ),
        ("No fees on transfers, great", "Charges are fair"),
        ("It is not the fees", "I do not mind the charges"),
    ),
    "transparency": Topic(
        (
            "Terms are hard to understand and risks were not explained",
            "Conditions changed without notice",
            "The small print was never explained",
            "Advertised return differs from the real one, unclear information",
        ),
        ("Clear terms, well explained", "Open about risks and changes"),
        ("It is not that the terms are unclear", "The conditions are clear"),
    ),
}
OFF_TOPIC = (
    (
        "没有意见", "问卷太长了", "祝生意兴隆", "今天天气不错，顺便来填个问卷",
        "希望多送点小礼品", "停车不方便", "暂时没什么要说的", "好", "中秋活动很有意思",
    ),
    (
        "No comment", "This survey is too long", "Happy holidays", "Nothing to add",
        "Please send a calendar next year", "Parking is difficult", "ok",
    ),
)  # fmt: skip
"""Texts that are about no attribute, Chinese and English."""
STOPS = (("", "。", "！"), ("", ".", "!"))
ENDINGS = (
    ("", "。", "！", "，请改进。", "，希望重视", "，{amount}元不是小数目。"),
    ("", ".", "!", ", please improve.", ". Thank you", ". Not what I expect."),
)
TRAPS = (
    (
        "我的电话{phone}，请回电", "联系人王先生", "请找李女士", "卡号{card}",
        "邮箱{mail}", "身份证{identity}", "经办人张伟",
    ),
    (
        "call me at {phone}", "ask for Mr Smith", "regards, Mrs Johnson",
        "card {card}", "mail {mail}", "ID {identity}", "served by Emily Clark",
    ),
)  # fmt: skip
"""Personal data that a report must mask; all of it is made up."""
MARKUP = ("<b>{text}</b>", "**{text}**", "{text} | <script>", "# {text}", "[{text}](x)")
"""Characters that a notebook would read as markup."""
BRANCHES = (
    ("城东支行", "人民路支行", "高新区支行", "中山路网点", "火车站支行"),
    ("the East Branch", "People's Road branch", "the station branch"),
)
