"""The rule as a formula of OpenFisca."""

from typing import Any

from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from trial import trial

Person = build_entity(key="person", plural="persons", label="", is_person=True)


class pregnant(Variable):  # noqa: N801 - the name of the class is that of the variable
    """The status, as an input."""

    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH


class give(Variable):  # noqa: N801 - as above
    """The rule."""

    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH

    # As OpenFisca calls it.
    def formula(person, period):  # noqa: ANN001, ANN201, N805, D102
        return person("pregnant", period) == False  # noqa: E712 - an array


def by_formula(case: dict[str, Any]) -> str:
    """Calculate the rule for one person."""
    system = TaxBenefitSystem([Person])
    system.add_variables(pregnant, give)
    month = "2026-01"
    stated = {name: {month: value} for name, value in case.items()}
    simulation = SimulationBuilder().build_from_dict(system, {"persons": {"p": stated}})
    return "give" if simulation.calculate("give", month)[0] else "avoid"


trial("formula `pregnant == False`", by_formula)
