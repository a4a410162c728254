# SPDX-License-Identifier: Apache-2.0
"""The sentences in which rules are printed in a notice, in both languages, key by key."""

from __future__ import annotations

VIETNAMESE: dict[str, str] = {
    "section.basis": "Căn cứ",
    "basis": "{instrument}.",
    "section.places": "Số lượng cần tuyển và số người dự tuyển tối thiểu",
    "places": "Mỗi chức danh cần tuyển {places} người, trừ khi thông báo ghi khác đối với từng chức danh.",
    "min_candidates": "Mỗi chức danh phải có ít nhất {count} người dự tuyển.",
    "recheck": "Số người dự tuyển được kiểm tra lại {moments}; nếu không đủ, Hội đồng thi tuyển quyết "
    "định bằng văn bản việc tiếp tục, đề cử thêm hay hoãn.",
    "moment.vetting": "sau khi thẩm định hồ sơ",
    "moment.withdrawal": "khi có người rút hồ sơ, vắng mặt hoặc bị loại",
    "moment.gate": "sau mỗi phần thi điều kiện",
    "reserve": "Danh sách dự bị gồm tối đa {count} người xếp ngay sau người trúng tuyển.",
    "reserve_months": "Danh sách dự bị có giá trị trong {months} tháng.",
    "no_reserve": "Không lập danh sách dự bị.",
    "section.part": "Phần {number}: {title}",
    "kind.test": "Bài thi trắc nghiệm",
    "kind.written": "Bài thi viết",
    "kind.panel": "Trình bày trước Hội đồng",
    "kind.dossier": "Đánh giá hồ sơ",
    "kind.vote": "Lấy phiếu tín nhiệm",
    "mode.paper": "Phần này tổ chức trên giấy.",
    "mode.lan": "Phần này tổ chức trên máy tính trong mạng nội bộ của địa điểm thi.",
    "mode.portal": "Phần này tổ chức trên máy tính qua cổng thi tuyển.",
    "mode.panel.paper": "Thành viên Hội đồng cho điểm trên phiếu giấy.",
    "mode.panel.lan": "Thành viên Hội đồng cho điểm trên máy tính trong mạng nội bộ của địa điểm thi.",
    "mode.panel.portal": "Thành viên Hội đồng cho điểm trên máy tính qua cổng thi tuyển.",
    "mode.vote.paper": "Thành viên Hội đồng bỏ phiếu giấy.",
    "mode.vote.lan": "Thành viên Hội đồng bỏ phiếu trên máy tính trong mạng nội bộ của địa điểm thi.",
    "mode.vote.portal": "Thành viên Hội đồng bỏ phiếu trên máy tính qua cổng thi tuyển.",
    "duration": "Thời gian: {minutes} phút.",
    "role.qualifying": "Đây là phần thi điều kiện: phải đạt từ {mark} điểm trở lên; điểm của phần này "
    "không cộng vào kết quả.",
    "role.gate": "Phải đạt từ {mark} điểm trở lên mới được dự phần tiếp theo; điểm của phần này không "
    "cộng vào kết quả.",
    "role.ranked": "Điểm của phần này dùng để xếp hạng; người đạt dưới {mark} điểm không được trúng tuyển.",
    "role.ranked.open": "Điểm của phần này dùng để xếp hạng.",
    "role.advisory": "Kết quả của phần này để Hội đồng tham khảo, không quyết định việc trúng tuyển.",
    "test": "Bài thi được chấm tự động; điểm là tỷ lệ điểm đạt được trên điểm tối đa của bài, quy về "
    "thang điểm.",
    "markers.1": "Mỗi bài do một thành viên Ban chấm thi chấm.",
    "markers": "Mỗi bài do {count} thành viên Ban chấm thi chấm độc lập; người chấm sau không biết điểm"
    " của người chấm trước.",
    "agree": "Nếu điểm chênh lệch {within} {threshold}{unit}, điểm của bài là trung bình cộng.",
    "within.>=": "dưới",
    "within.>": "không quá",
    "unit.points": " điểm",
    "unit.percent_of_max": "% thang điểm",
    "resolve": "Nếu điểm chênh lệch {beyond} {threshold}{unit}{onward}: {rule}.",
    "onward.>=": " trở lên",
    "onward.>": "",
    "beyond.>=": "từ",
    "beyond.>": "trên",
    "third": "bài được chấm lần thứ ba; {rule}",
    "resolve.mean": "lấy trung bình cộng của các điểm đã chấm",
    "resolve.third_decides": "điểm của lần này là điểm chính thức",
    "resolve.closest_two": "lấy trung bình cộng của hai điểm gần nhau nhất, nếu cách đều thì lấy hai "
    "điểm cao hơn",
    "resolve.median": "lấy điểm đứng giữa",
    "resolve.two_agree_else_mean": "nếu hai trong ba điểm bằng nhau thì lấy điểm đó, nếu không thì lấy "
    "trung bình cộng của ba điểm",
    "resolve.chair_decides": "Chủ tịch Hội đồng quyết định điểm của bài bằng văn bản",
    "panel.secret": "Hội đồng gồm {size} thành viên; mỗi thành viên cho điểm một lần bằng phiếu kín.",
    "panel.named": "Hội đồng gồm {size} thành viên; mỗi thành viên cho điểm một lần bằng phiếu ghi tên.",
    "vote.secret": "Hội đồng gồm {size} thành viên; mỗi thành viên bỏ một phiếu kín: tín nhiệm hoặc không "
    "tín nhiệm.",
    "vote.named": "Hội đồng gồm {size} thành viên; mỗi thành viên bỏ một phiếu ghi tên: tín nhiệm hoặc "
    "không tín nhiệm.",
    "record.sealed": "Biên bản kiểm phiếu in ra chỉ ghi điểm, không ghi tên; hồ sơ phiếu niêm phong chỉ được "
    "mở theo quyết định có chữ ký.",
    "record.none": "Biên bản kiểm phiếu in ra chỉ ghi điểm, không ghi tên; không lưu ai đã bỏ phiếu nào.",
    "vote_record.sealed": "Biên bản kiểm phiếu in ra không ghi tên người bỏ phiếu; hồ sơ phiếu niêm phong "
    "chỉ được mở theo quyết định có chữ ký.",
    "vote_record.none": "Biên bản kiểm phiếu in ra không ghi tên người bỏ phiếu; không lưu ai đã bỏ phiếu "
    "nào.",
    "vote.share": "Kết quả là tỷ lệ phiếu tín nhiệm trong các phiếu hợp lệ, quy về thang điểm {scale}.",
    "panel.heard": "Chỉ thành viên có mặt trong suốt phần trình bày và trả lời của thí sinh mới "
    "được bỏ phiếu.",
    "quorum": "Kết quả có giá trị khi thu về ít nhất {needed} phiếu và có ít nhất {needed} phiếu hợp lệ.",
    "aggregate.mean": "Điểm là trung bình cộng của các phiếu hợp lệ.",
    "aggregate.trimmed_mean": "Điểm là trung bình cộng của các phiếu hợp lệ, sau khi bỏ {trim} phiếu "
    "cao nhất và {trim} phiếu thấp nhất.",
    "aggregate.median": "Điểm là điểm đứng giữa của các phiếu hợp lệ.",
    "deviation.flag": "Phiếu lệch trên {from_mean} điểm so với điểm trung bình, hoặc các phiếu lệch "
    "nhau trên {spread} điểm, được ghi vào biên bản.",
    "deviation.panel_meets": "Nếu có phiếu lệch trên {from_mean} điểm so với điểm trung bình, hoặc các "
    "phiếu lệch nhau trên {spread} điểm, thì trước khi có kết quả Hội đồng họp và quyết định bằng biên bản "
    "việc giữ nguyên, chấm lại hoặc không tính phiếu lệch.",
    "rubric": "Điểm chấm theo tiêu chí: {criteria}.",
    "criterion": "{title} tối đa {max} điểm",
    "levels": "Các mức của tiêu chí “{title}”: {levels}.",
    "level": "{mark} điểm – {label}: {words}",
    "reviewable": "Được đề nghị phúc khảo bài thi của phần này.",
    "not_reviewable": "Không phúc khảo phần này.",
    "section.numbers": "Thang điểm và làm tròn",
    "scale": "Mọi phần chấm theo thang điểm {scale}; người chấm cho điểm lẻ đến {step} điểm.",
    "rounding.half_up": "Điểm tính ra được làm tròn đến {decimals} chữ số thập phân, nửa đơn vị làm "
    "tròn lên.",
    "rounding.half_even": "Điểm tính ra được làm tròn đến {decimals} chữ số thập phân, nửa đơn vị làm "
    "tròn về số chẵn.",
    "rounding.down": "Điểm tính ra được lấy đến {decimals} chữ số thập phân, phần sau bỏ đi.",
    "compare": "Điểm đã làm tròn là điểm được công bố và được so với mức điểm phải đạt.",
    "section.total": "Kết quả",
    "total.single": "Kết quả là điểm của phần “{part}”.",
    "total.weighted": "Kết quả là tổng điểm các phần theo tỷ trọng: {weights}.",
    "weight": "{part} {percent}%",
    "each_part_min": "Mỗi phần được tính vào kết quả phải đạt từ {mark} điểm trở lên.",
    "preference": "Điểm ưu tiên theo quy định của pháp luật được cộng vào kết quả, tối đa {max} điểm.",
    "no_preference": "Không cộng điểm ưu tiên.",
    "highest": "Người có kết quả cao hơn xếp trên; người trúng tuyển là người xếp trong số lượng cần tuyển.",
    "section.ties": "Trường hợp kết quả bằng nhau",
    "ties.boundary": "Những người có kết quả bằng nhau xếp cùng hạng, trừ khi số lượng cần tuyển không "
    "đủ cho tất cả; khi đó xét lần lượt:",
    "ties.boundary.decision": "Những người có kết quả bằng nhau xếp cùng hạng, trừ khi số lượng cần tuyển "
    "không đủ cho tất cả; khi đó người đứng đầu cơ quan có thẩm quyền quyết định bằng văn bản.",
    "ties.all.decision": "Khi kết quả bằng nhau, người đứng đầu cơ quan có thẩm quyền quyết định bằng "
    "văn bản.",
    "ties.all": "Những người có kết quả bằng nhau được xét lần lượt:",
    "tie.part": "điểm phần “{part}” cao hơn",
    "tie.rubric": "điểm tiêu chí “{criterion}” của phần “{part}” cao hơn",
    "tie.decision": "quyết định bằng văn bản của người đứng đầu cơ quan có thẩm quyền",
    "ties.list": "{rules}.",
    "ties.never": "Không bốc thăm, không xét theo tên hay số báo danh.",
    "section.review": "Phúc khảo",
    "review.days": "Đơn phúc khảo được nhận trong {request} ngày làm việc kể từ ngày niêm yết điểm; kết"
    " quả phúc khảo được trả lời trong {finish} ngày làm việc kể từ ngày hết hạn nhận đơn.",
    "review.blind": "Bài phúc khảo do người chưa chấm bài đó chấm lại và không biết điểm cũ.",
    "review.two_agree_else_mean": "Hai người chấm lại độc lập; nếu hai điểm bằng nhau thì đó là điểm "
    "của bài. Nếu khác nhau, có người thứ ba chấm: hai trong ba điểm bằng nhau thì lấy điểm đó, nếu "
    "không thì lấy trung bình cộng của ba điểm.",
    "review.single": "Bài được một người chấm lại và điểm này là điểm của bài.",
    "review.review_only": "Một người chưa chấm bài đó xem lại việc chấm theo hướng dẫn chấm và việc cộng "
    "điểm; điểm sau khi xem lại là điểm của bài.",
    "review.tolerance": "Bài được một người chấm lại; điểm cũ giữ nguyên nếu chênh lệch không quá "
    "{tolerance} điểm, nếu không thì lấy điểm chấm lại.",
    "neutralise.redistribute": "Câu hỏi trắc nghiệm bị vô hiệu thì điểm của câu đó được chia cho các câu "
    "còn lại theo tỷ lệ điểm của từng câu.",
    "neutralise.full_credit": "Câu hỏi trắc nghiệm bị vô hiệu thì mọi thí sinh có câu đó trong đề được trọn "
    "điểm của câu.",
    "neutralise.zero_weight": "Câu hỏi trắc nghiệm bị vô hiệu thì không ai được điểm của câu đó và điểm tối "
    "đa của bài giữ nguyên.",
    "section.time": "Giờ thi",
    "late": "Phần thi “{part}”: người đến muộn quá {minutes} phút không được dự thi; trường hợp bất khả"
    " kháng do Chủ tịch Hội đồng quyết định.",
    "late.own": "Phần thi “{part}”: theo quy định của cơ quan tổ chức, người đến muộn quá {minutes} phút "
    "không được dự thi; trường hợp bất khả kháng do Chủ tịch Hội đồng quyết định.",
    "offline": "Khi máy tính mất kết nối, thí sinh tiếp tục làm bài; câu trả lời gửi lại trong "
    "{minutes} phút sau khi hết giờ được giữ để Hội đồng xem xét.",
    "section.conflicts": "Những người không được tham gia tổ chức thi",
    "conflicts": "Không được là thành viên Hội đồng thi tuyển hoặc tham gia các ban, tổ giúp việc: "
    "{relations}.",
    "relation.parent": "cha, mẹ của người dự tuyển",
    "relation.spouse": "vợ hoặc chồng của người dự tuyển",
    "relation.child": "con đẻ, con nuôi của người dự tuyển",
    "relation.sibling": "anh, chị, em ruột của người dự tuyển",
    "relation.parent_in_law": "cha, mẹ của vợ hoặc chồng người dự tuyển",
    "relation.sibling_in_law": "anh, chị, em ruột của vợ hoặc chồng người dự tuyển",
    "relation.disciplined": "người đang trong thời hạn xử lý kỷ luật hoặc đang thi hành quyết định kỷ luật",
    "relation.line_manager": "người trực tiếp quản lý người dự tuyển",
    "relation.nominator": "người đã giới thiệu người dự tuyển",
    "relation.supervisor": "người hướng dẫn luận văn, luận án của người dự tuyển",
    "section.sanctions": "Xử lý vi phạm",
    "sanctions": "Người vi phạm nội quy thi bị khiển trách, cảnh cáo hoặc đình chỉ thi; mỗi trường hợp được "
    "lập biên bản và công bố tại phòng thi.",
    "deduction.reprimand": "Người bị khiển trách ở phần thi nào thì bị trừ {percent}% điểm của phần thi đó.",
    "deduction.warning": "Người bị cảnh cáo ở phần thi nào thì bị trừ {percent}% điểm của phần thi đó.",
    "free.reprimand": "Người bị khiển trách không bị trừ điểm.",
    "free.warning": "Người bị cảnh cáo không bị trừ điểm.",
    "sanction.reprimand": "khiển trách",
    "sanction.warning": "cảnh cáo",
    "or": " hoặc ",
    "deduction.unstated": "Mức trừ điểm đối với người bị {levels} do cơ quan tổ chức quy định trong nội quy "
    "thi.",
    "suspended": "Người bị đình chỉ thi không có kết quả và không được xếp hạng.",
    "section.afterwards": "Bổ nhiệm và lưu trữ",
    "section.records": "Lưu trữ",
    "term": "Thời hạn giữ chức vụ của người được bổ nhiệm là {years} năm.",
    "retention": "Theo quy định của cơ quan tổ chức, kết quả và danh sách trúng tuyển được lưu {result} năm; "
    "hồ sơ, bài thi và tài liệu tổ chức thi được lưu {dossier} năm.",
    "section.calendar": "Thời hạn",
    "apply": "Hồ sơ được nhận trong {days} ngày kể từ ngày thông báo, trừ khi thông báo ghi thời gian khác.",
    "vetting_notice": "Kết quả thẩm định hồ sơ được thông báo trong {days} ngày làm việc kể từ ngày có kết "
    "quả.",
    "summons": "Giấy triệu tập được gửi ít nhất {days} ngày làm việc trước ngày thi.",
    "posting": "Danh sách thí sinh theo phòng thi, sơ đồ và nội quy được niêm yết ít nhất {days} ngày làm "
    "việc trước ngày thi.",
    "notify": "Kết quả được công bố và thông báo trong {days} ngày làm việc kể từ ngày có quyết định "
    "công nhận.",
    "complete_file": "Người trúng tuyển hoàn thiện hồ sơ trong {days} ngày kể từ ngày công bố kết quả.",
    "section.publication": "Công bố",
    "names.all": "Danh sách công bố ghi họ tên của mọi thí sinh.",
    "names.selected_only": "Danh sách công bố ghi họ tên người trúng tuyển; những người khác ghi theo "
    "số báo danh.",
    "names.codes_only": "Danh sách công bố chỉ ghi số báo danh.",
    "order": "Trình tự: {steps}; bước sau chỉ thực hiện khi bước trước đã xong.",
    "step.marks_posted": "niêm yết điểm",
    "step.reviews_closed": "kết thúc phúc khảo",
    "step.opinion_recorded": "ghi nhận ý kiến của cấp ủy",
    "step.recognised": "quyết định công nhận kết quả",
    "step.published": "công bố kết quả",
    "recompute": "Dữ liệu cần thiết để mọi người tự tính lại kết quả được công bố cùng với kết quả.",
}

ENGLISH: dict[str, str] = {
    "section.basis": "Legal basis",
    "basis": "{instrument}.",
    "section.places": "Places and the least number of candidates",
    "places": "Places for each post: {places}, unless the notice says otherwise for a post.",
    "min_candidates": "Each post needs at least {count} candidates.",
    "recheck": "Their number is checked again {moments}; if it is too small, the council decides in "
    "writing whether to go on, to nominate others or to postpone.",
    "moment.vetting": "after the dossiers have been vetted",
    "moment.withdrawal": "whenever somebody withdraws, is absent or is disqualified",
    "moment.gate": "after each part that must be passed to go on",
    "reserve": "After those selected there is a reserve list, on which at most {count} stand.",
    "reserve_months": "Months for which the reserve list holds: {months}.",
    "no_reserve": "There is no reserve list.",
    "section.part": "Part {number}: {title}",
    "kind.test": "Test",
    "kind.written": "Written paper",
    "kind.panel": "Presentation before the council",
    "kind.dossier": "Assessment of the dossier",
    "kind.vote": "Vote of confidence",
    "mode.paper": "This part is held on paper.",
    "mode.lan": "This part is held on computers in the closed network of the hall.",
    "mode.portal": "This part is held on computers through the portal.",
    "mode.panel.paper": "Members of the council fill in paper ballots.",
    "mode.panel.lan": "Members of the council mark on computers in the closed network of the hall.",
    "mode.panel.portal": "Members of the council mark on computers through the portal.",
    "mode.vote.paper": "Members of the council vote on paper slips.",
    "mode.vote.lan": "Members of the council vote on computers in the closed network of the hall.",
    "mode.vote.portal": "Members of the council vote on computers through the portal.",
    "duration": "Duration: {minutes} minutes.",
    "role.qualifying": "This part must be passed with {mark} points or more; its mark does not count "
    "towards the result.",
    "role.gate": "{mark} points or more admit to the next part; the mark of this part does not count "
    "towards the result.",
    "role.ranked": "The mark of this part counts for the ranking; nobody is selected with less than "
    "{mark} points in it.",
    "role.ranked.open": "The mark of this part counts for the ranking.",
    "role.advisory": "The council takes note of the outcome of this part; it does not decide the selection.",
    "test": "The test is marked by its key; the mark is the share of the points reached, on the scale.",
    "markers.1": "Each script is marked by one marker.",
    "markers": "Each script is marked by {count} markers independently; none sees the mark of another.",
    "agree": "If their marks differ by {within} {threshold}{unit}, the mark is the mean.",
    "within.>=": "less than",
    "within.>": "no more than",
    "unit.points": " points",
    "unit.percent_of_max": "% of the scale",
    "resolve": "If they differ by {beyond} {threshold}{unit}{onward}: {rule}.",
    "onward.>=": "",
    "onward.>": "",
    "beyond.>=": "at least",
    "beyond.>": "more than",
    "third": "the script is marked a third time; {rule}",
    "resolve.mean": "the mean of the marks given is taken",
    "resolve.third_decides": "the third mark is the mark",
    "resolve.closest_two": "the mean of the two closest marks is taken, at equal distance of the two "
    "higher ones",
    "resolve.median": "the middle mark is taken",
    "resolve.two_agree_else_mean": "a mark that two agree on is taken, else the mean of the three",
    "resolve.chair_decides": "the chair of the council decides the mark in writing",
    "panel.secret": "The council has {size} members; each marks once, by secret ballot.",
    "panel.named": "The council has {size} members; each marks once, by a ballot that carries the "
    "member's name.",
    "vote.secret": "The council has {size} members; each casts one secret ballot: confidence or no "
    "confidence.",
    "vote.named": "The council has {size} members; each casts one ballot that carries the member's name: "
    "confidence or no confidence.",
    "record.sealed": "The printed count shows marks without names; the sealed record of the ballots is "
    "opened only on a signed decision.",
    "record.none": "The printed count shows marks without names; no record is kept of who gave which ballot.",
    "vote_record.sealed": "The printed count names nobody who voted; the sealed record of the ballots is "
    "opened only on a signed decision.",
    "vote_record.none": "The printed count names nobody who voted; no record is kept of who gave which "
    "ballot.",
    "vote.share": "The result is the share of valid ballots that say confidence, on the scale of {scale}.",
    "panel.heard": "Only members who were present throughout the candidate's presentation and answers cast a "
    "ballot.",
    "quorum": "The result stands when at least {needed} ballots are returned and at least {needed} are "
    "valid.",
    "aggregate.mean": "The mark is the mean of the valid ballots.",
    "aggregate.trimmed_mean": "The mark is the mean of the valid ballots without the {trim} highest and"
    " the {trim} lowest.",
    "aggregate.median": "The mark is the middle one of the valid ballots.",
    "deviation.flag": "A ballot more than {from_mean} points from the mean, or ballots more than "
    "{spread} points apart, are noted in the minutes.",
    "deviation.panel_meets": "If a ballot is more than {from_mean} points from the mean, or ballots are"
    " more than {spread} points apart, the council meets before there is a result and decides by minute to "
    "let the ballots stand, to mark again or to leave a ballot out.",
    "rubric": "Marks are given by criterion: {criteria}.",
    "criterion": "{title} up to {max} points",
    "levels": "Levels of the criterion “{title}”: {levels}.",
    "level": "{mark} points – {label}: {words}",
    "reviewable": "A review of the marking of this part may be requested.",
    "not_reviewable": "There is no review of this part.",
    "section.numbers": "Scale and rounding",
    "scale": "Every part is marked out of {scale}; a person gives marks in steps of {step}.",
    "rounding.half_up": "Decimal places of a computed mark: {decimals}; halves are rounded upwards.",
    "rounding.half_even": "Decimal places of a computed mark: {decimals}; halves are rounded to the even "
    "digit.",
    "rounding.down": "Decimal places of a computed mark: {decimals}; what follows is cut off.",
    "compare": "The rounded mark is the one that is published and compared with the mark required.",
    "section.total": "Result",
    "total.single": "The result is the mark of the part “{part}”.",
    "total.weighted": "The result is the sum of the marks by weight: {weights}.",
    "weight": "{part} {percent}%",
    "each_part_min": "Each part that counts must reach {mark} points or more.",
    "preference": "Preference points given by law are added to the result, {max} points at most.",
    "no_preference": "No preference points are added.",
    "highest": "A higher result ranks before a lower one; those within the number of places are selected.",
    "section.ties": "Equal results",
    "ties.boundary": "Equal results share a rank, unless there are not places for all of them; then "
    "these are looked at in turn:",
    "ties.boundary.decision": "Equal results share a rank, unless there are not places for all of them; then "
    "the head of the appointing authority decides in writing.",
    "ties.all.decision": "Where results are equal, the head of the appointing authority decides in writing.",
    "ties.all": "Where results are equal, these are looked at in turn:",
    "tie.part": "the higher mark of the part “{part}”",
    "tie.rubric": "the higher mark for “{criterion}” in the part “{part}”",
    "tie.decision": "a written decision of the head of the appointing authority",
    "ties.list": "{rules}.",
    "ties.never": "No lots are drawn, and neither names nor candidate numbers are looked at.",
    "section.review": "Review of marking",
    "review.days": "A review may be requested within {request} working days after marks are posted, and"
    " is answered within {finish} working days after the last day for requests.",
    "review.blind": "A script under review is marked by people who have not marked it and do not know "
    "the former marks.",
    "review.two_agree_else_mean": "Two people mark again independently; a mark they agree on is the "
    "mark. If they differ, a third marks too: a mark that two of three agree on is taken, else the mean"
    " of the three.",
    "review.single": "One person marks again, and that mark is the mark.",
    "review.review_only": "Somebody who has not marked the script looks again at its marking by the mark "
    "scheme and at the adding up; the mark after that is the mark.",
    "review.tolerance": "One person marks again; the former mark stands if the two differ by no more "
    "than {tolerance} points, else the new mark is taken.",
    "neutralise.redistribute": "Where a test item is neutralised, its points are spread over the other items "
    "in proportion to theirs.",
    "neutralise.full_credit": "Where a test item is neutralised, everybody whose paper holds it is given its "
    "points.",
    "neutralise.zero_weight": "Where a test item is neutralised, nobody is given its points, and the most "
    "points of the test stay what they were.",
    "section.time": "On the day",
    "late": "The part “{part}”: nobody is admitted more than {minutes} minutes late; in a case of force"
    " majeure the chair of the council decides.",
    "late.own": "The part “{part}”: as the organiser has set, nobody is admitted more than {minutes} minutes "
    "late; in a case of force majeure the chair of the council decides.",
    "offline": "A candidate whose computer loses its connection works on; answers that arrive within "
    "{minutes} minutes after the end are kept for the council to decide about.",
    "section.conflicts": "Who may not take part in the organisation",
    "conflicts": "None of these may be a member of the council or of its boards and teams: {relations}.",
    "relation.parent": "a candidate's father or mother",
    "relation.spouse": "a candidate's husband or wife",
    "relation.child": "a candidate's child, natural or adopted",
    "relation.sibling": "a candidate's brother or sister",
    "relation.parent_in_law": "the father or mother of a candidate's husband or wife",
    "relation.sibling_in_law": "a brother or sister of a candidate's husband or wife",
    "relation.disciplined": "anybody under disciplinary proceedings or serving a disciplinary decision",
    "relation.line_manager": "a candidate's direct superior",
    "relation.nominator": "anybody who has nominated a candidate",
    "relation.supervisor": "anybody who has supervised a candidate's thesis",
    "section.sanctions": "Violations",
    "sanctions": "Whoever breaks the rules of the room is reprimanded, warned or suspended; each case is "
    "minuted and read out in the room.",
    "deduction.reprimand": "A reprimand takes {percent}% of the mark of the part in which it was given.",
    "deduction.warning": "A warning takes {percent}% of the mark of the part in which it was given.",
    "free.reprimand": "A reprimand takes nothing from the mark.",
    "free.warning": "A warning takes nothing from the mark.",
    "sanction.reprimand": "a reprimand",
    "sanction.warning": "a warning",
    "or": " or ",
    "deduction.unstated": "What {levels} takes from the mark is set by the organiser in the rules of the "
    "room.",
    "suspended": "Whoever is suspended has no result and is not ranked.",
    "section.afterwards": "Appointment and records",
    "section.records": "Records",
    "term": "The term of appointment is {years} years.",
    "retention": "As the organiser has set, the result and the list of those selected are kept for {result} "
    "years; dossiers, scripts and the papers of the organisation for {dossier} years.",
    "section.calendar": "Time limits",
    "apply": "Dossiers are accepted for {days} days from the notice, unless the notice says otherwise.",
    "vetting_notice": "What came of vetting the dossiers is notified within {days} working days.",
    "summons": "Summonses are sent at least {days} working days before the day.",
    "posting": "Lists of candidates by room, plans and the rules of the room are posted at least {days} "
    "working day(s) before the day.",
    "notify": "The result is published and notified within {days} working days after its recognition.",
    "complete_file": "Those selected complete their dossiers within {days} days of the publication.",
    "section.publication": "Publication",
    "names.all": "The published list names every candidate.",
    "names.selected_only": "The published list names those selected; others appear by candidate number.",
    "names.codes_only": "The published list gives candidate numbers only.",
    "order": "In this order: {steps}; no step is taken before the one before it is complete.",
    "step.marks_posted": "marks are posted",
    "step.reviews_closed": "reviews are closed",
    "step.opinion_recorded": "the opinion of the Party committee is recorded",
    "step.recognised": "the result is recognised by decision",
    "step.published": "the result is published",
    "recompute": "With the result, everything that anybody needs to recompute it is published.",
}

PHRASES = {"vi": VIETNAMESE, "en": ENGLISH}
