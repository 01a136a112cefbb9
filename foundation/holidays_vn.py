"""The public holidays of Vietnam as shipped: computed for each year, with decreed swaps, doubts marked."""

from collections.abc import Iterator
from datetime import date, timedelta

from foundation.wording import Trilingual
from foundation.workdays import Day

YEARS = range(2024, 2031)
DECREED_UNTIL = 2026
"""Last year for which the Prime Minister has fixed Tet and National Day; later years are estimates."""

LABOUR_CODE = "Bộ luật Lao động 45/2019/QH14, Điều 112"
IN_LIEU = "Bộ luật Lao động 45/2019/QH14, Điều 111 khoản 3"
CULTURE_DAY = "Nghị quyết 80-NQ/TW ngày 07/01/2026; Nghị quyết 30/NQ-CP năm 2026"

TITLES: dict[str, Trilingual] = {
    "Tết Dương lịch": {"vi": "Tết Dương lịch", "en": "New Year's Day", "fr": "Jour de l’An"},
    "29 Tết": {"vi": "29 Tết", "en": "Eve of the Lunar New Year holiday", "fr": "Avant-veille du Têt"},
    "Giao thừa Tết Nguyên Đán": {"vi": "Giao thừa", "en": "Lunar New Year's Eve", "fr": "Veille du Têt"},
    "Tết Nguyên Đán": {"vi": "Mùng Một Tết", "en": "Lunar New Year", "fr": "Têt, premier jour"},
    "Mùng hai Tết Nguyên Đán": {"vi": "Mùng Hai Tết", "en": "Lunar New Year, day 2", "fr": "Têt, 2e jour"},
    "Mùng ba Tết Nguyên Đán": {"vi": "Mùng Ba Tết", "en": "Lunar New Year, day 3", "fr": "Têt, 3e jour"},
    "Mùng bốn Tết Nguyên Đán": {"vi": "Mùng Bốn Tết", "en": "Lunar New Year, day 4", "fr": "Têt, 4e jour"},
    "Mùng năm Tết Nguyên Đán": {"vi": "Mùng Năm Tết", "en": "Lunar New Year, day 5", "fr": "Têt, 5e jour"},
    "Mùng sáu Tết Nguyên Đán": {"vi": "Mùng Sáu Tết", "en": "Lunar New Year, day 6", "fr": "Têt, 6e jour"},
    "Ngày Giỗ Tổ Hùng Vương": {
        "vi": "Giỗ Tổ Hùng Vương",
        "en": "Hung Kings' Commemoration Day",
        "fr": "Commémoration des rois Hùng",
    },
    "Ngày Chiến thắng": {
        "vi": "Ngày Chiến thắng",
        "en": "Reunification Day",
        "fr": "Jour de la Réunification",
    },
    "Ngày Quốc tế Lao động": {
        "vi": "Ngày Quốc tế Lao động",
        "en": "International Labour Day",
        "fr": "Fête du Travail",
    },
    "Quốc khánh": {"vi": "Quốc khánh", "en": "National Day", "fr": "Fête nationale"},
    "Ngày Văn hóa Việt Nam": {
        "vi": "Ngày Văn hóa Việt Nam",
        "en": "Vietnam Culture Day",
        "fr": "Journée de la culture vietnamienne",
    },
}

TET = (
    "Giao thừa Tết Nguyên Đán",
    "Tết Nguyên Đán",
    "Mùng hai Tết Nguyên Đán",
    "Mùng ba Tết Nguyên Đán",
    "Mùng bốn Tết Nguyên Đán",
)
"""The five days that the Labour Code grants."""

MOVED_BY_DECREE = frozenset(title for title in TITLES if "Tết Nguyên Đán" in title) | {"29 Tết", "Quốc khánh"}
OBSERVED = " (nghỉ bù)"

SWAPS = {
    # day off: (Saturday worked instead, the act that says so, or where it was announced)
    date(2024, 4, 29): (date(2024, 5, 4), "Công văn 2450/VPCP-KGVX năm 2024"),
    date(2025, 5, 2): (date(2025, 4, 26), "Thông báo 6150/TB-BLĐTBXH ngày 03/12/2024"),
    date(2026, 1, 2): (date(2026, 1, 10), "Thông báo hoán đổi ngày làm việc dịp Tết Dương lịch 2026"),
    date(2026, 8, 31): (date(2026, 8, 22), "Thông báo hoán đổi ngày làm việc dịp Quốc khánh 2026"),
}

LUNAR_DATES = {
    # first day of Tet and the Hung Kings' day, computed for UTC+7; they stand where a source only estimates
    2027: (date(2027, 2, 6), date(2027, 4, 16)),
    2028: (date(2028, 1, 26), date(2028, 4, 4)),
    2029: (date(2029, 2, 13), date(2029, 4, 23)),
    2030: (date(2030, 2, 2), date(2030, 4, 12)),
}


def shipped_days() -> dict[date, Day]:
    """Every listed day of :data:`YEARS`: days off and the Saturdays worked for them."""
    days = dict(_lunar_days()) | dict(_computed_days())
    for off, (worked, source) in SWAPS.items():
        days[off] = Day(False, _swapped_off(worked), source)
        days[worked] = Day(True, _swapped_on(off), source)
    return days


def _computed_days() -> Iterator[tuple[date, Day]]:
    from holidays import country_holidays  # noqa: PLC0415 - needed when the calendar is filled, not by what serves

    for year in YEARS:
        listed = country_holidays("VN", years=year, language="vi")
        for day in sorted(listed):
            label = listed[day].split("; ")[0]
            if label.removesuffix(OBSERVED) in TITLES:
                yield day, _day_off(day, label)


def _lunar_days() -> Iterator[tuple[date, Day]]:
    for new_year, hung_kings in LUNAR_DATES.values():
        yield hung_kings, _day_off(hung_kings, "Ngày Giỗ Tổ Hùng Vương")
        for offset, label in zip(range(-1, 4), TET, strict=True):
            day = new_year + timedelta(days=offset)
            yield day, _day_off(day, label)


def _day_off(day: date, label: str) -> Day:
    name = label.removesuffix(OBSERVED)
    source = IN_LIEU if label.endswith(OBSERVED) else LABOUR_CODE
    is_confirmed = day.year <= DECREED_UNTIL or name not in MOVED_BY_DECREE
    if name == "Ngày Văn hóa Việt Nam":
        source, is_confirmed = CULTURE_DAY, False
    title = _in_lieu(TITLES[name]) if label.endswith(OBSERVED) else TITLES[name]
    return Day(False, title, source, is_confirmed)


def _in_lieu(title: Trilingual) -> Trilingual:
    return {
        "vi": f"Nghỉ bù {title['vi']}",
        "en": f"{title['en']}, day off in lieu",
        "fr": f"{title['fr']}, jour de compensation",
    }


def _swapped_off(worked: date) -> Trilingual:
    return {
        "vi": f"Nghỉ hoán đổi, làm bù ngày {worked:%d/%m/%Y}",
        "en": f"Day off, worked on {worked:%d/%m/%Y} instead",
        "fr": f"Jour chômé, travaillé le {worked:%d/%m/%Y}",
    }


def _swapped_on(off: date) -> Trilingual:
    return {
        "vi": f"Làm bù cho ngày {off:%d/%m/%Y}",
        "en": f"Worked in place of {off:%d/%m/%Y}",
        "fr": f"Travaillé en remplacement du {off:%d/%m/%Y}",
    }
