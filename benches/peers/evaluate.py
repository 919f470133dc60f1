"""The reference rules of `evaluate.rs` by one engine, in memory, on one thread; prints a line for each rule.

python evaluate.py numpy|duckdb|polars|openfisca residents.parquet DAY

Each rule in two forms: *written*, as somebody would write it, with ages and months counted by the engine for each row; and
*lowered*, with ages turned into ranges of birth days, and months ago into a day, by hand. Unknown is a null, no school place
is the year 0, never screened is the first day of 1800. Reading the file is not timed.
"""

import calendar
import statistics
import sys
import time
from datetime import date, timedelta

import pyarrow.parquet

engine, path, today = sys.argv[1], sys.argv[2], date.fromisoformat(sys.argv[3])
CITY = 91
ROUNDS = 7
THREE = ["starts_school", "screening", "not_employed"]


def born_by(years: int) -> date:
    """The last birth day of those who have reached an age; 29 February counts from 1 March in a common year."""
    year = today.year - years
    leap = (today.month, today.day) == (2, 29) and not calendar.isleap(year)
    return date(year, 2, 28) if leap else today.replace(year=year)


def born_in(first: int, last: int) -> tuple[date, date]:
    """Birth days, both included, of those whose age is one of these."""
    return born_by(last + 1) + timedelta(days=1), born_by(first)


def months_ago(months: int) -> date:
    """The last day that is so many months ago or longer."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    ends_month = (today + timedelta(days=1)).day == 1
    return date(year, month + 1, last if ends_month else min(today.day, last))


SEVEN = date(today.year - 7, 1, 1), date(today.year - 7, 12, 31)
WOMEN, YOUNG = born_in(25, 65), born_in(16, 28)
LONG_AGO = months_ago(54)
table = pyarrow.parquet.read_table(path)
n_residents = len(table)


def median_ns(run) -> float:
    """Nanoseconds for each resident, a median of rounds after one to warm up."""
    seconds = []
    for round_ in range(ROUNDS + 1):
        begun = time.perf_counter()
        run()
        if round_ > 0:
            seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds) * 1e9 / n_residents


def answer(version: str, form: str, rule: str, ns: float, n_selected: int, sum_of_rows: int) -> None:
    print(f"{engine} {version}, {form}", rule, ns, int(n_selected), int(sum_of_rows), sep="\t")


def number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def age_on(born, day: date):
    """Whole years on a day, from an array of days."""
    import numpy as np

    months = born.astype("datetime64[M]")
    month, of_month = months.astype(int) % 12 + 1, (born - months).astype(int) + 1
    to_come = (month > day.month) | ((month == day.month) & (of_month > day.day))
    return day.year - year_of(born) - to_come.astype(np.int64)


def year_of(days):
    return days.astype("datetime64[Y]").astype(int) + 1970


def plus_months(days, months: int):
    """Days so many months later, or the last of a month that lacks the day."""
    import numpy as np

    begins = days.astype("datetime64[M]")
    later = begins + months
    last = (later + 1).astype("datetime64[D]") - 1
    return np.minimum(later.astype("datetime64[D]") + (days - begins), last)


def by_numpy() -> None:
    import numpy as np

    # unknown: before every day of a register
    unknown = np.datetime64("0001-01-01")
    days = (table[name].fill_null(unknown.item()).to_numpy() for name in ["born", "screened_on"])
    born, screened_on = (column.astype("datetime64[D]") for column in days)
    sex, municipality, place_year = (table[name].fill_null(-1).to_numpy() for name in ["sex", "municipality", "place_year"])
    employed = table["employed"].cast("int8").fill_null(-1).to_numpy()
    row = table["row"].to_numpy()
    born_number, screened_number = born.astype(np.int32), screened_on.astype(np.int32)
    seven, women, young = ([number(day) for day in days] for days in [SEVEN, WOMEN, YOUNG])
    long_ago, no_day, now = number(LONG_AGO), int(unknown.astype(int)), np.datetime64(today)

    def within(days):
        return (born_number >= days[0]) & (born_number <= days[1])

    def aged(first: int, last: int):
        age = age_on(born, today)
        return (age >= first) & (age <= last)

    def no_place():
        return (municipality == CITY) & (place_year != today.year) & (place_year != -1)

    def idle():
        return (municipality == CITY) & (employed == 0)

    rules = {
        "written": {
            "starts_school": lambda: (today.year - year_of(born) == 7) & no_place(),
            "screening": lambda: aged(25, 65) & (sex == 0) & (screened_on != unknown) & (plus_months(screened_on, 54) <= now),
            "not_employed": lambda: aged(16, 28) & idle(),
        },
        "lowered": {
            "starts_school": lambda: within(seven) & no_place(),
            "screening": lambda: within(women) & (sex == 0) & (screened_number != no_day) & (screened_number <= long_ago),
            "not_employed": lambda: within(young) & idle(),
        },
    }
    for form, of_form in rules.items():
        for rule in THREE:
            selected = row[of_form[rule]()]
            ns = median_ns(lambda: row[of_form[rule]()])
            answer(np.__version__, form, rule, ns, len(selected), selected.sum(dtype="uint64"))


def by_duckdb() -> None:
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"CREATE TABLE residents AS SELECT * FROM read_parquet('{path}')")
    age = f"date_sub('year', born, DATE '{today}')"
    rests = {
        "starts_school": f"municipality = {CITY} AND place_year <> {today.year}",
        "screening": "sex = 0",
        "not_employed": f"municipality = {CITY} AND NOT employed",
    }
    forms = {
        "written": {
            "starts_school": f"{today.year} - year(born) = 7",
            "screening": f"{age} BETWEEN 25 AND 65 AND screened_on + INTERVAL 54 MONTH <= DATE '{today}'",
            "not_employed": f"{age} BETWEEN 16 AND 28",
        },
        "lowered": {
            "starts_school": f"born BETWEEN DATE '{SEVEN[0]}' AND DATE '{SEVEN[1]}'",
            "screening": f"born BETWEEN DATE '{WOMEN[0]}' AND DATE '{WOMEN[1]}' AND screened_on <= DATE '{LONG_AGO}'",
            "not_employed": f"born BETWEEN DATE '{YOUNG[0]}' AND DATE '{YOUNG[1]}'",
        },
    }
    for form, of_form in forms.items():
        for rule in THREE:
            where = f"FROM residents WHERE {of_form[rule]} AND {rests[rule]}"
            rows, counted = f"SELECT row {where}", f"SELECT count(*), sum(row) {where}"
            n_selected, sum_of_rows = connection.execute(counted).fetchone()
            # whichever is faster: the rows handed over, or only counted and summed
            ns = min(
                median_ns(lambda: connection.execute(rows).fetchnumpy()),
                median_ns(lambda: connection.execute(counted).fetchone()),
            )
            answer(duckdb.__version__, form, rule, ns, n_selected, sum_of_rows)


def by_polars() -> None:
    import polars as pl

    residents = pl.from_arrow(table).rechunk()
    born, screened_on, in_city = pl.col("born"), pl.col("screened_on"), pl.col("municipality") == CITY
    month, of_month = born.dt.month(), born.dt.day()
    to_come = (month > today.month) | ((month == today.month) & (of_month > today.day))
    age = today.year - born.dt.year() - to_come.cast(pl.Int32)
    no_place, idle = in_city & (pl.col("place_year") != today.year), in_city & ~pl.col("employed")
    female = pl.col("sex") == 0
    forms = {
        "written": {
            "starts_school": (today.year - born.dt.year() == 7) & no_place,
            "screening": age.is_between(25, 65) & female & (screened_on.dt.offset_by("54mo") <= today),
            "not_employed": age.is_between(16, 28) & idle,
        },
        "lowered": {
            "starts_school": born.is_between(*SEVEN) & no_place,
            "screening": born.is_between(*WOMEN) & female & (screened_on <= LONG_AGO),
            "not_employed": born.is_between(*YOUNG) & idle,
        },
    }
    for form, of_form in forms.items():
        for rule in THREE:
            selected = residents.lazy().filter(of_form[rule])
            rows = selected.select("row")
            counted = selected.select(pl.len(), pl.col("row").cast(pl.UInt64).sum().alias("sum"))
            n_selected, sum_of_rows = counted.collect().row(0)
            ns = min(median_ns(rows.collect), median_ns(counted.collect))
            answer(pl.__version__, form, rule, ns, n_selected, sum_of_rows)


def by_openfisca() -> None:
    from importlib.metadata import version

    import numpy as np
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="", is_person=True)
    system = TaxBenefitSystem([person])

    def variable(name: str, value_type: type, formula=None) -> None:
        attributes = {"value_type": value_type, "entity": person, "definition_period": DateUnit.DAY, "label": name}
        if formula is not None:
            attributes["formula"] = formula
        system.add_variable(type(name, (Variable,), attributes))

    # it has no nulls: unknown is a value of its own, before every day of a register
    unknown = np.datetime64("0001-01-01")
    missing = {"born": unknown.item(), "screened_on": unknown.item()}
    inputs = ["born", "sex", "municipality", "place_year", "screened_on", "employed"]
    for name in inputs:
        variable(name, date if name in missing else int)
    seven, women, young = ([np.datetime64(day) for day in days] for days in [SEVEN, WOMEN, YOUNG])
    long_ago, now = np.datetime64(LONG_AGO), np.datetime64(today)

    def within(of, period, days):
        born = of("born", period)
        return (born >= days[0]) * (born <= days[1])

    def aged(of, period, first, last):
        age = of("age", period)
        return (age >= first) * (age <= last)

    def no_place(of, period):
        place_year = of("place_year", period)
        return (of("municipality", period) == CITY) * (place_year != today.year) * (place_year != -1)

    def idle(of, period):
        return (of("municipality", period) == CITY) * (of("employed", period) == 0)

    def screened_by(of, period, long_enough):
        screened_on = of("screened_on", period)
        return (of("sex", period) == 0) * long_enough(screened_on) * (screened_on != unknown)

    variable("age", int, lambda of, period: age_on(of("born", period), today))
    forms = {
        "written": {
            "starts_school": lambda of, period: (today.year - year_of(of("born", period)) == 7) * no_place(of, period),
            "screening": lambda of, period: aged(of, period, 25, 65)
            * screened_by(of, period, lambda screened_on: plus_months(screened_on, 54) <= now),
            "not_employed": lambda of, period: aged(of, period, 16, 28) * idle(of, period),
        },
        "lowered": {
            "starts_school": lambda of, period: within(of, period, seven) * no_place(of, period),
            "screening": lambda of, period: within(of, period, women)
            * screened_by(of, period, lambda screened_on: screened_on <= long_ago),
            "not_employed": lambda of, period: within(of, period, young) * idle(of, period),
        },
    }
    for form, of_form in forms.items():
        for rule in THREE:
            variable(f"{rule}_{form}", bool, of_form[rule])
    simulation = SimulationBuilder().build_default_simulation(system, count=n_residents)
    day = str(today)
    for name in inputs:
        if name in missing:
            column = table[name].fill_null(missing[name]).to_numpy().astype("datetime64[D]")
        else:
            column = table[name].cast("int32").fill_null(-1).to_numpy()
        simulation.set_input(name, day, column)
    row = table["row"].to_numpy()
    for form in forms:
        for rule in THREE:

            def once():
                # nothing of an earlier round is kept but what was put in
                for computed in ("age", f"{rule}_{form}"):
                    simulation.delete_arrays(computed)
                return row[simulation.calculate(f"{rule}_{form}", day)]

            selected = once()
            answer(version("openfisca-core"), form, rule, median_ns(once), len(selected), selected.sum(dtype=np.uint64))


{"numpy": by_numpy, "duckdb": by_duckdb, "polars": by_polars, "openfisca": by_openfisca}[engine]()
