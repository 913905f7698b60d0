"""Chinese names in short messages, where no label stands before them."""

import pyarrow as pa
import pytest

from anonymize.kernels.detection.available import detectors_of
from anonymize.kernels.detection.finding import find

NAMED = """
请联系【张伟】处理|和【张伟】沟通过了|用户【李娜】投诉|跟【陈晓燕】确认一下|谢谢【刘敏】帮忙
我和【赵敏】一起去
【赵敏】已经付款了|【周杰】申请退款|@【孙丽】 看一下|【孙丽】在吗|【黄磊】那边怎么说|【吴昊】：好的收到
【徐静】，你好
帮我转告【胡军】|麻烦【徐静】把合同发我|客户说联系【李秀英】，电话13800000001|由【王强】负责|转给【王芳】跟进
"""
HARMLESS = """
关系到公司的发展|客户服务中心处理中|用户体验很好|谢谢大家的支持|联系方式见下|高兴地说|江苏的天气|黄金在涨价
用户协议和隐私政策|帮助中心|替换设备|访问权限申请|金额已付款|单价是多少
路由器坏了|任务已完成|李子和桃子|程序有问题|温度到三十度|沙发已签收
牛奶和面包|宁波的仓库|严重投诉|解决方案已确认|曾经有过|汤圆和饺子|计划已安排|时间：下午|金额：三百|项目，你好
"""
PEOPLE = [each for each in detectors_of(()) if each.entity == "PERSON"]


def listed(text: str) -> list[str]:
    return text.strip().replace("\n", "|").split("|")


@pytest.mark.parametrize("sentence", listed(NAMED))
def test_names_are_found(sentence: str) -> None:
    """The name, and nothing else."""
    text = sentence.replace("【", "").replace("】", "")
    found = find(pa.array([text]), PEOPLE)

    expected = sentence[sentence.index("【") + 1 : sentence.index("】")]
    assert [expected] == [text[start:end] for start, end in zip(found.start, found.end, strict=True)]


def test_other_words_are_not() -> None:
    """Words that begin with a surname are no names."""
    texts = listed(HARMLESS)
    found = find(pa.array(texts), PEOPLE)

    assert [] == [texts[row][start:end] for row, start, end in zip(found.row, found.start, found.end, strict=True)]
