# SPDX-License-Identifier: Apache-2.0
"""Why a rule set or marks cannot be used, in the language of who wrote them."""

from __future__ import annotations

import re

from scoring.reading import Problem

WORDS: dict[str, str] = {
    "is missing": "còn thiếu",
    "is missing: the default {default} is meant for a scale of 100": (
        "còn thiếu: giá trị mặc định {default} chỉ dùng cho thang điểm 100"
    ),
    "is missing: every ranked part has its weight": "còn thiếu: mỗi phần dùng để xếp hạng phải có tỷ trọng",
    "is not a known key": "không phải là khóa được biết",
    "is not UTF-8 text": "không phải là văn bản UTF-8",
    "not TOML: {error}": "không phải TOML: {error}",
    "nested too deeply": "lồng quá nhiều tầng",
    "holds text that has no canonical form": "có chữ không có dạng chuẩn",
    "appears twice": "xuất hiện hai lần",
    "{name} appears twice": "{name} xuất hiện hai lần",
    "must be text, not {what}": "phải là chữ, không phải {what}",
    "must be one of {choices}, not {what}": "phải là một trong các giá trị {choices}, không phải {what}",
    "must be a list of texts": "phải là danh sách chữ",
    "must be a list, not {what}": "phải là danh sách, không phải {what}",
    "must be a table (an object), not {what}": "phải là bảng, không phải {what}",
    "must be a whole number, not {what}": "phải là số nguyên, không phải {what}",
    "must be true or false, not {what}": "phải là true hoặc false, không phải {what}",
    'must be a decimal written as text, such as "12.5", not {what}': (
        'phải là số thập phân viết dạng chữ, như "12.5", không phải {what}'
    ),
    "must lie between {least} and {most}, not {value}": "phải từ {least} đến {most}, không phải {value}",
    "must be above 0": "phải lớn hơn 0",
    "must be above 0: a criterion that gives nothing is none": (
        "phải lớn hơn 0: tiêu chí không cho điểm thì không phải là tiêu chí"
    ),
    "must be above 0: a part that counts nothing is not ranked": (
        "phải lớn hơn 0: phần không có tỷ trọng thì không dùng để xếp hạng"
    ),
    "may not be above the maximum of the criterion": "không được vượt điểm tối đa của tiêu chí",
    "may not be above the maximum {most}, but is {value}": (
        "không được vượt điểm tối đa {most}, nhưng là {value}"
    ),
    "may not be below 0, but is {value}": "không được nhỏ hơn 0, nhưng là {value}",
    "may not be above {most}, but is {value}": "không được vượt {most}, nhưng là {value}",
    "must divide the scale {scale}, but is {value}": "phải chia hết thang điểm {scale}, nhưng là {value}",
    "must be a multiple of the step {step}, but is {value}": (
        "phải là bội của bước điểm {step}, nhưng là {value}"
    ),
    "must be a multiple of {step}, but is {value}": "phải là bội của {step}, nhưng là {value}",
    "must be 0 for no or {scale} for yes, but is {value}": (
        "phải là 0 (không tín nhiệm) hoặc {scale} (tín nhiệm), nhưng là {value}"
    ),
    "must be small letters, digits, dots, - and _": "chỉ gồm chữ thường, chữ số, dấu chấm, - và _",
    "must be small letters, digits and _, not {what}": "chỉ gồm chữ thường, chữ số và _, không phải {what}",
    "may hold no invisible signs, nor blanks at its ends, but is {name}": (
        "không được có ký tự ẩn hoặc khoảng trắng ở hai đầu, nhưng là {name}"
    ),
    "a {kind} is not marked by markers": "phần loại {kind} không do người chấm thi chấm",
    "a {kind} has no panel": "phần loại {kind} không có hội đồng chấm",
    "a {kind} has no rubric": "phần loại {kind} không có tiêu chí chấm",
    "a dossier needs either a marking or a panel": (
        "phần đánh giá hồ sơ cần người chấm hoặc hội đồng, không cả hai"
    ),
    "ballots of a panel are not marked again: there is nothing to review": (
        "phiếu của hội đồng không chấm lại: không có gì để phúc khảo"
    ),
    "with three independent markers there is no third mark left to decide": (
        "đã có ba người chấm độc lập thì không còn lần chấm thứ ba để quyết định"
    ),
    'must be a fraction of the panel such as "2/3", not {what}': (
        'phải là phân số của hội đồng, như "2/3", không phải {what}'
    ),
    "ballots that carry names leave nothing to seal": "phiếu ghi tên thì không có gì để niêm phong",
    "ballots are dropped only by a trimmed_mean": "chỉ trimmed_mean mới bỏ phiếu ở hai đầu",
    "must be at least 1: a trimmed_mean drops ballots at each end": (
        "phải từ 1 trở lên: trimmed_mean bỏ phiếu ở hai đầu"
    ),
    "would leave nothing of a quorum of {count} ballots": (
        "sẽ không còn phiếu nào khi chỉ đủ {count} phiếu tối thiểu"
    ),
    "the maxima sum to {total}, not to the scale {scale}": (
        "các điểm tối đa cộng lại là {total}, không bằng thang điểm {scale}"
    ),
    "must be below that of the level before it": "phải thấp hơn điểm của mức đứng trước",
    "no part is ranked: nothing would make the total": (
        "không phần nào dùng để xếp hạng: không có gì làm nên kết quả"
    ),
    "single needs one ranked part, not {parts}": (
        "single cần đúng một phần dùng để xếp hạng, không phải {parts}"
    ),
    "belongs to the weighted mode: the one ranked part has its pass": (
        "chỉ thuộc cách tính weighted: phần duy nhất dùng để xếp hạng đã có mức đạt riêng"
    ),
    "only a ranked part may carry weight": "chỉ phần dùng để xếp hạng mới có tỷ trọng",
    "sum to {total}, not to 1": "cộng lại là {total}, không bằng 1",
    "there is no part {name}": "không có phần {name}",
    "no panel part has the rubric criterion {name}": "không phần nào trước hội đồng có tiêu chí {name}",
    "the part {name} is advisory and decides nothing": "phần {name} chỉ để tham khảo, không quyết định gì",
    "a decision ends the chain: nothing may follow it": "quyết định là bước cuối: không có gì đứng sau",
    "must be part:<key>, rubric:<part>.<key> or decision, not {what}": (
        "phải là part:<khóa>, rubric:<phần>.<khóa> hoặc decision, không phải {what}"
    ),
    "needs at least one row": "cần ít nhất một dòng",
    "the last row holds for every longer part and has no up_to": (
        "dòng cuối dùng cho mọi phần dài hơn nên không có up_to"
    ),
    "the durations must rise from row to row": "thời lượng phải tăng dần theo từng dòng",
    "may leave steps out, but not change their order {steps}": (
        "có thể bỏ bước nhưng không được đổi thứ tự {steps}"
    ),
    "must end with published": "phải kết thúc bằng published",
    "needs at least one relation": "cần ít nhất một quan hệ",
    "may not cost less than a reprimand": "không được trừ ít hơn khiển trách",
    "may not be less than dossier_years": "không được nhỏ hơn dossier_years",
    "the rule set gives no preference points": "quy chế không có điểm ưu tiên",
    "the rule set does not state what a {level} takes": "quy chế không nêu mức trừ của {level}",
    "round {number} already has a mark": "lần chấm {number} đã có điểm",
    "{name} has already marked this script": "{name} đã chấm bài này",
    "a review under {policy} has at most {count} marks": "phúc khảo theo {policy} có nhiều nhất {count} điểm",
    "the part {name} is not open to review": "phần {name} không phúc khảo",
    "a ballot carries either a member or a slip": "mỗi phiếu ghi hoặc thành viên hoặc số phiếu",
    "a ballot carries either a value or scores by criterion": (
        "mỗi phiếu ghi hoặc một điểm hoặc điểm theo tiêu chí"
    ),
    "the part {name} has no rubric: give one value": "phần {name} không có tiêu chí: cho một điểm chung",
    "{count} ballots, but the panel has {size} members": "{count} phiếu, nhưng hội đồng có {size} thành viên",
    "{returned} ballots were returned, but only {issued} issued": (
        "thu về {returned} phiếu, nhưng chỉ phát {issued}"
    ),
    "{returned} returned are not {valid} valid and {invalid} invalid": (
        "{returned} phiếu thu về không bằng {valid} phiếu hợp lệ và {invalid} phiếu không hợp lệ"
    ),
    "there is no candidate {name}": "không có người dự tuyển {name}",
    "{name} is not a part of which this can be decided": (
        "{name} không phải là phần có thể quyết định việc này"
    ),
}
KINDS_OF_VALUE = {"a table": "bảng", "a list": "danh sách", "null": "giá trị rỗng"}


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+)" for place, part in enumerate(parts)),
        re.DOTALL,
    )


PATTERNS = tuple((_pattern(english), vietnamese) for english, vietnamese in WORDS.items())


def in_language(problem: Problem, language: str) -> str:
    """The words of a mistake in a language; in English where there are no others."""
    if language != "vi":
        return problem.message
    for pattern, vietnamese in PATTERNS:
        if found := pattern.fullmatch(problem.message):
            facts = {name: KINDS_OF_VALUE.get(fact, fact) for name, fact in found.groupdict().items()}
            return vietnamese.format(**facts).replace("the number ", "số ")
    return problem.message
