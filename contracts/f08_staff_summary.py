"""F08 «Кадровая сводка»: the denominators, as of 20 September."""

from contracts.columns import column
from contracts.form import About, Form, RowRule, at_most, equals_sum

_COUNT = column("", "int", required="error", leave="yes",
    help="На 20 сентября, по правилам ОО-1; полных лет на 1 января.")

# Of all teachers, so many at least are both young and new.
_BOTH_AT_LEAST = RowRule(
    code="parts_below_least",
    column="ped_lt35_exp_lt3",
    holds=lambda frame: (
        frame["ped_lt35_exp_lt3"] >= frame["ped_lt35"] + frame["ped_exp_lt3"] - frame["ped_total"]
    ),
    words=lambda v: {
        "value": str(v["ped_lt35_exp_lt3"]),
        "limit": str(v["ped_lt35"] + v["ped_exp_lt3"] - v["ped_total"]),
    },
)


class StaffSummary(Form):
    """Кадровая сводка."""

    _about = About(
        "F08", "staff_summary", "Кадровая сводка", "8 Кадры", layout="card", due="10-15",
        help="Числа на 20 сентября – те же, что в ОО-1. Только числа, без фамилий.",
        titles="кадры | кадровая сводка | кадровый состав",
        rules=(
            equals_sum("ped_lt35", ("ped_lt25", "ped_25_29", "ped_30_34")),
            at_most("ped_lt35", "ped_total"),
            at_most("ped_exp_lt3", "ped_total"),
            at_most("ped_lt35_exp_lt3", "ped_lt35"),
            at_most("ped_lt35_exp_lt3", "ped_exp_lt3"),
            at_most("ped_lt35_supported", "ped_lt35"),
            at_most("ped_lt35_exp_lt3_supported", "ped_lt35_exp_lt3"),
            at_most("ped_lt35_exp_lt3_supported", "ped_lt35_supported"),
            at_most("pupils_10_19", "pupils_total"),
            at_most("pupils_15_19", "pupils_10_19"),
            _BOTH_AT_LEAST,
        ),
    )

    ped_total = _COUNT.but(
        title="Педагогических работников – всего (без внешних совместителей и ГПХ)", example="40")
    ped_lt25 = _COUNT.but(title="из них: моложе 25 лет", example="0")
    ped_25_29 = _COUNT.but(title="25–29 лет", example="1")
    ped_30_34 = _COUNT.but(title="30–34 лет", example="1")
    ped_lt35 = _COUNT.but(title="до 35 лет – всего", help="Сумма трёх строк выше.", example="2")
    ped_exp_lt3 = _COUNT.but(title="со стажем педагогической работы до 3 лет", example="2")
    ped_lt35_exp_lt3 = _COUNT.but(title="до 35 лет и со стажем до 3 лет",
        help="И возраст до 35, и стаж до 3 лет.", example="1")
    ped_lt35_supported = _COUNT.but(title="до 35 лет, охваченные поддержкой и наставничеством",
        help="Сколько из них в парах или в другой форме поддержки.", example="1")
    ped_lt35_exp_lt3_supported = _COUNT.but(title="из них со стажем до 3 лет",
        help="Из предыдущей строки.", example="1")
    pupils_total = _COUNT.but(title="Обучающихся – всего", example="600")
    pupils_10_19 = _COUNT.but(title="Обучающихся 10–19 лет", example="400")
    pupils_15_19 = _COUNT.but(title="Обучающихся 15–19 лет", example="120")
    enterprises_partner = _COUNT.but(title="Предприятий-партнёров, предоставивших наставников",
        required="remark", help="Сколько предприятий дали наставников.", example="2")
    young_hired = _COUNT.but(title="Молодых педагогов принято за год", required="remark",
        help="За прошедший учебный год.", example="2")
    young_left = _COUNT.but(title="Молодых педагогов уволилось за год", required="remark",
        help="За прошедший учебный год.", example="1")

    # How else schools head these columns.
    _spelled = """
        ped_total: всего педагогов | педагогических работников всего | педагогических работников
          | педагогов всего
        ped_lt25: моложе 25 | до 25 лет | моложе 25 лет
        ped_25_29: 25-29 | от 25 до 29 лет
        ped_30_34: 30-34 | от 30 до 34 лет
        ped_lt35: педагогов до 35 лет | до 35 лет | до 35 лет всего
        ped_exp_lt3: молодых специалистов | стаж до 3 лет | со стажем до 3 лет
          | педагогов со стажем до 3 лет
        ped_lt35_exp_lt3: до 35 лет со стажем до 3 лет
        ped_lt35_supported: охвачено наставничеством
          | до 35 лет, охваченные различными формами поддержки и наставничества
          | до 35 лет, вовлеченные в различные формы поддержки и наставничества
          | охвачено поддержкой | до 35 лет охвачено
        ped_lt35_exp_lt3_supported: охвачено молодых специалистов
        pupils_total: всего обучающихся | обучающихся всего
        pupils_10_19: 10-19 лет | обучающихся 10-19
        pupils_15_19: 15-19 лет | обучающихся 15-19
        enterprises_partner: предприятий-партнеров | партнеров
        young_hired: принято молодых
        young_left: уволилось молодых
    """
