"""Hours, days and amounts as people write them: one table of spellings, the value or what is said."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from pfmp_saas.core import dates, spellings
from pfmp_saas.portals import filters

PUPILS = (date(1996, 1, 1), date(2016, 1, 1))
LONG = (date(1900, 1, 1), date(2099, 12, 31))
FEBRUARY = date(2011, 2, 14)
MARCH = date(2027, 3, 1)
READERS = {
    "start": spellings.hour,
    "end": lambda text: spellings.hour(text, ends=True),
    "range": spellings.one_range,
    "ranges": spellings.ranges,
    "day": dates.day,
    "birth": lambda text: dates.day(text, PUPILS),
    "wide": lambda text: dates.day(text, LONG),
    "euros": spellings.euros,
    "number": spellings.number,
    "hours": spellings.hours_of_work,
}
TABLE = [
    ("start", "8h", 480), ("start", "8h30", 510), ("start", "8 h 30", 510), ("start", "0800", 480),
    ("start", "8:30", 510), ("start", "8.30", 510), ("start", "8", 480), ("start", "08H", 480),
    ("start", "08:05", 485), ("start", "830", 510), ("start", "8 30", 510), ("start", "8 heures 30", 510),
    ("start", "1 heure", 60), ("start", "8\u00a0h\u202f30", 510), ("start", " 17H45 ", 1065), ("start", "08:30:00", 510),
    ("start", "8h30min", 510), ("start", "midi", 720), ("start", "Midi", 720), ("start", "minuit", 0), ("start", "00:00", 0),
    ("end", "minuit", 1440), ("end", "24:00", 1440), ("end", "24h", 1440), ("end", "24", 1440), ("end", "23h59", 1439),
    ("start", "24:00", "finit une journée et n’en commence pas une"), ("end", "24:01", "n’est pas une heure de la journée"),
    ("start", "25h", "n’est pas une heure de la journée"), ("start", "8h60", "n’est pas une heure de la journée"),
    ("start", "8h5", "se lit de deux façons : écrivez 8h05 ou 8h50"), ("start", "", "n’est pas une heure"),
    ("start", "matin", "n’est pas une heure : écrivez 8h30"), ("start", "-8h", "n’est pas une heure"),
    ("start", "٨h", "n’est pas une heure"),
    ("range", "8h-12h", (480, 720)), ("range", "8h30 – 12h15", (510, 735)), ("range", "de 8h à 12h", (480, 720)),
    ("range", "De 8 h 30 à midi", (510, 720)), ("range", "0800-1200", (480, 720)), ("range", "8-12", (480, 720)),
    ("range", "8:00—12:00", (480, 720)), ("range", "18h-minuit", (1080, 1440)), ("range", "18:00-00:00", (1080, 1440)),
    ("range", "18:00–24:00", (1080, 1440)), ("range", "22h-6h", (1320, 1800)), ("range", "8h jusqu’à 12h", (480, 720)),
    ("range", "24:00–06:00", "finit une journée"), ("range", "12h-8h", "la fin (08:00) précède le début (12:00)"),
    ("range", "8h-8h", "précède le début"), ("range", "8h", "n’est pas une plage d’heures : écrivez 8h30-12h"),
    ("range", "8h-12h 13h-17h", "contient 2 plages"), ("range", "8h-12h peut-être", "n’est pas une plage"),
    ("ranges", "8h-12h 13h30-17h", [(480, 720), (810, 1020)]), ("ranges", "8h - 12h, 13 h 30 - 17 h", [(480, 720), (810, 1020)]),
    ("ranges", "8-12 et 13-17", [(480, 720), (780, 1020)]), ("ranges", "8 h 30 à 12 h 13 h 30 à 17 h", [(510, 720), (810, 1020)]),
    ("ranges", "de 8h à 12h puis de 13h à 17h", [(480, 720), (780, 1020)]), ("ranges", "08:00-12:00 13:30-17:00", [(480, 720), (810, 1020)]),
    ("ranges", "", "aucune plage"), ("ranges", "repos", "n’est pas une plage"),
    ("birth", "14/02/11", FEBRUARY), ("day", "14/02/11", FEBRUARY), ("day", "14.02.2011", FEBRUARY), ("day", "14-02-2011", FEBRUARY),
    ("day", "2011-02-14", FEBRUARY), ("day", "2011/02/14", FEBRUARY), ("day", "14 février 2011", FEBRUARY), ("day", "14 2 2011", FEBRUARY),
    ("day", "1er mars 2027", MARCH), ("day", "1ER MARS 2027", MARCH), ("day", "le 1er mars 2027", MARCH), ("day", "lundi 1er mars 2027", MARCH),
    ("day", "1 mars 27", MARCH), ("day", "1/3/2027", MARCH), ("day", "01032027", MARCH), ("day", "14 févr. 2011", FEBRUARY),
    ("day", "14 FEVRIER 2011", FEBRUARY), ("day", "14 – 02 – 2011", FEBRUARY), ("day", "29/02/2028", date(2028, 2, 29)),
    ("wide", "14/02/11", "peut être de deux siècles : écrivez l’année en quatre chiffres"), ("birth", "14/02/27", "n’est d’aucune année possible"),
    ("birth", "01/01/16", date(2016, 1, 1)), ("birth", "02/01/16", "n’est d’aucune année possible"),
    ("day", "31/02/2027", "n’est pas une date du calendrier"), ("day", "29/02/2027", "n’est pas une date du calendrier"),
    ("day", "02/14/2011", "le jour vient avant le mois"), ("day", "14/02", "il manque l’année"), ("day", "14 février", "il manque l’année"),
    ("day", "14/02/211", "l’année se lit mal"), ("day", "demain", "n’est pas une date : écrivez 12/01/2027"), ("day", "", "n’est pas une date"),
    ("day", "mardi 1er mars 2027", "ce jour-là est un lundi"), ("day", "14/02/0011", "n’est pas une date de notre temps"),
    ("euros", "12,50 €", Decimal("12.5")), ("euros", "12.50", Decimal("12.5")), ("euros", "1 234,5", Decimal("1234.5")),
    ("euros", "600 euros", Decimal(600)), ("euros", "1\u202f234,50\u00a0€", Decimal("1234.5")), ("euros", "0", Decimal(0)),
    ("euros", "€", "n’est pas un nombre : écrivez 12,50 €"), ("euros", "-5", "n’est pas un nombre"),
    ("euros", "1.234,50", "n’est pas un nombre"), ("number", "1.234", "un point pour les milliers"), ("number", "12 34", "n’est pas un nombre"),
    ("hours", "35", Decimal(35)), ("hours", "35 h", Decimal(35)), ("hours", "32 h 30", Decimal("32.5")), ("hours", "32,5", Decimal("32.5")),
    ("hours", "35 heures", Decimal(35)), ("hours", "beaucoup", "écrivez 35 h ou 32,5"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "typed", "wanted"), TABLE)
def test_a_spelling_has_its_value_or_says_what_is_wrong(kind, typed, wanted):
    if not isinstance(wanted, str):
        assert READERS[kind](typed) == wanted
        return
    with pytest.raises(spellings.Unread) as refused:
        READERS[kind](typed)
    assert wanted in str(refused.value)


@given(text=st.text(max_size=30), kind=st.sampled_from(sorted(READERS)))
def test_any_text_is_read_or_refused_in_words(text, kind):
    try:
        READERS[kind](text)
    except spellings.Unread as refused:
        assert str(refused)


@given(day=st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_a_day_written_for_people_is_read_again(day):
    for text in (
        dates.written(day),
        dates.with_weekday(day),
        f"{day:%d/%m/%y}",
        f"{day:%d.%m.%Y}",
        f"le {dates.written(day)}",
    ):
        assert dates.day(text) == day


def test_the_first_of_the_month_is_the_first():
    assert dates.written(MARCH).replace(dates.NBSP, " ") == "1er mars 2027"
    assert dates.with_weekday(MARCH, year=False).replace(dates.NBSP, " ") == "lundi 1er mars"
    assert dates.written(date(2027, 3, 11)).replace(dates.NBSP, " ") == "11 mars 2027"


def test_pages_write_the_first_of_the_month_so_too():
    app = Flask("dates")
    Babel(app, default_locale="fr")
    with app.test_request_context():
        written = [
            filters.day(MARCH),
            filters.weekday(MARCH),
            filters.span(MARCH, date(2027, 4, 1)),
            filters.day(FEBRUARY),
        ]
        assert written == ["1er mars 2027", "lundi 1er mars", "1er mars – 1er avr. 2027", "14 février 2011"]
        assert (
            filters.short_moment(datetime(2027, 3, 1, 8, tzinfo=UTC), "Europe/Paris")
            == "lundi 1er mars 09:00"
        )
