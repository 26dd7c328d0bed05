"""F08 «Кадровая сводка»: the denominators, as of 20 September."""

from __future__ import annotations

from typing import Any

from contracts.form_before import Form, FormConfig, Number, RowRule, at_most, column, equals_sum

_TITLES = {
    "ped_total": "Педагогических работников – всего (без внешних совместителей и ГПХ)",
    "ped_lt25": "из них: моложе 25 лет",
    "ped_25_29": "25–29 лет",
    "ped_30_34": "30–34 лет",
    "ped_lt35": "до 35 лет – всего",
    "ped_exp_lt3": "со стажем педагогической работы до 3 лет",
    "ped_lt35_exp_lt3": "до 35 лет и со стажем до 3 лет",
    "ped_lt35_supported": "до 35 лет, охваченные поддержкой и наставничеством",
    "ped_lt35_exp_lt3_supported": "из них со стажем до 3 лет",
    "pupils_total": "Обучающихся – всего",
    "pupils_10_19": "Обучающихся 10–19 лет",
    "pupils_15_19": "Обучающихся 15–19 лет",
    "enterprises_partner": "Предприятий-партнёров, предоставивших наставников",
    "young_hired": "Молодых педагогов принято за год",
    "young_left": "Молодых педагогов уволилось за год",
}


def _count(name: str, example: str, help_: str, *aliases: str, required: str = "error") -> Any:
    return column(
        _TITLES[name],
        "int",
        required=required,
        aliases=aliases,
        help=help_,
        example=example,
        minimum=0,
        privacy="A",
        leave="yes",
    )


_DAY = "На 20 сентября, по правилам ОО-1; полных лет на 1 января."


class StaffSummary(Form):
    """Кадровая сводка."""

    ped_total: Number = _count(
        "ped_total",
        "40",
        _DAY,
        "всего педагогов",
        "педагогических работников всего",
        "педагогических работников",
        "педагогов всего",
    )
    ped_lt25: Number = _count("ped_lt25", "0", _DAY, "моложе 25", "до 25 лет", "моложе 25 лет")
    ped_25_29: Number = _count("ped_25_29", "1", _DAY, "25-29", "от 25 до 29 лет")
    ped_30_34: Number = _count("ped_30_34", "1", _DAY, "30-34", "от 30 до 34 лет")
    ped_lt35: Number = _count(
        "ped_lt35",
        "2",
        "Сумма трёх строк выше.",
        "педагогов до 35 лет",
        "до 35 лет",
        "до 35 лет всего",
    )
    ped_exp_lt3: Number = _count(
        "ped_exp_lt3",
        "2",
        _DAY,
        "молодых специалистов",
        "стаж до 3 лет",
        "со стажем до 3 лет",
        "педагогов со стажем до 3 лет",
    )
    ped_lt35_exp_lt3: Number = _count(
        "ped_lt35_exp_lt3", "1", "И возраст до 35, и стаж до 3 лет.", "до 35 лет со стажем до 3 лет"
    )
    ped_lt35_supported: Number = _count(
        "ped_lt35_supported",
        "1",
        "Сколько из них в парах или в другой форме поддержки.",
        "охвачено наставничеством",
        "до 35 лет, охваченные различными формами поддержки и наставничества",
        "до 35 лет, вовлеченные в различные формы поддержки и наставничества",
        "охвачено поддержкой",
        "до 35 лет охвачено",
    )
    ped_lt35_exp_lt3_supported: Number = _count(
        "ped_lt35_exp_lt3_supported", "1", "Из предыдущей строки.", "охвачено молодых специалистов"
    )
    pupils_total: Number = _count(
        "pupils_total", "600", _DAY, "всего обучающихся", "обучающихся всего"
    )
    pupils_10_19: Number = _count("pupils_10_19", "400", _DAY, "10-19 лет", "обучающихся 10-19")
    pupils_15_19: Number = _count("pupils_15_19", "120", _DAY, "15-19 лет", "обучающихся 15-19")
    enterprises_partner: Number = _count(
        "enterprises_partner",
        "2",
        "Сколько предприятий дали наставников.",
        "предприятий-партнеров",
        "партнеров",
        required="remark",
    )
    young_hired: Number = _count(
        "young_hired", "2", "За прошедший учебный год.", "принято молодых", required="remark"
    )
    young_left: Number = _count(
        "young_left", "1", "За прошедший учебный год.", "уволилось молодых", required="remark"
    )

    class Config(Form.Config):
        """The summary as a whole."""

        metadata = {
            "form": FormConfig(
                code="F08",
                name="staff_summary",
                title="Кадровая сводка",
                sheet="8 Кадры",
                version="1",
                layout="card",
                help="Числа на 20 сентября – те же, что в ОО-1. Только числа, без фамилий.",
                titles=("кадры", "кадровая сводка", "кадровый состав"),
                due="10-15",
                examples=(
                    {
                        "ped_total": "40",
                        "ped_lt25": "0",
                        "ped_25_29": "1",
                        "ped_30_34": "1",
                        "ped_lt35": "2",
                        "ped_exp_lt3": "2",
                        "ped_lt35_exp_lt3": "1",
                        "ped_lt35_supported": "1",
                        "ped_lt35_exp_lt3_supported": "1",
                        "pupils_total": "600",
                        "pupils_10_19": "400",
                        "pupils_15_19": "120",
                        "enterprises_partner": "2",
                        "young_hired": "2",
                        "young_left": "1",
                    },
                ),
                rules=(
                    equals_sum("ped_lt35", ("ped_lt25", "ped_25_29", "ped_30_34")),
                    at_most("ped_lt35", "ped_total", _TITLES),
                    at_most("ped_exp_lt3", "ped_total", _TITLES),
                    at_most("ped_lt35_exp_lt3", "ped_lt35", _TITLES),
                    at_most("ped_lt35_exp_lt3", "ped_exp_lt3", _TITLES),
                    at_most("ped_lt35_supported", "ped_lt35", _TITLES),
                    at_most("ped_lt35_exp_lt3_supported", "ped_lt35_exp_lt3", _TITLES),
                    at_most("ped_lt35_exp_lt3_supported", "ped_lt35_supported", _TITLES),
                    at_most("pupils_10_19", "pupils_total", _TITLES),
                    at_most("pupils_15_19", "pupils_10_19", _TITLES),
                    RowRule(
                        code="parts_below_least",
                        column="ped_lt35_exp_lt3",
                        holds=lambda frame: (
                            frame["ped_lt35_exp_lt3"]
                            >= frame["ped_lt35"] + frame["ped_exp_lt3"] - frame["ped_total"]
                        ),
                        words=lambda v: {
                            "value": str(v["ped_lt35_exp_lt3"]),
                            "limit": str(v["ped_lt35"] + v["ped_exp_lt3"] - v["ped_total"]),
                        },
                    ),
                ),
            )
        }
