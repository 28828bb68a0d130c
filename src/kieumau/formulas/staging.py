"""The layers of a compiled query.

A part that would be written out more than once, and is more than a few operations, becomes a column of
a layer below; so the SQL stays in proportion to the formula. Each layer ends in a LIMIT that limits
nothing: without it PostgreSQL flattens the layers and writes the parts out again.
"""

from dataclasses import dataclass, field
from typing import Any

import ibis.expr.types as ir
from ibis import _ as here

from kieumau.formulas.exact import Quotient, Sql

# What may be written out twice, and what a whole expression may weigh before it gets its own column.
LIGHT = 4
HEAVY = 40
NO_LIMIT = 2**62


@dataclass(slots=True)
class Stages:
    """The columns of one query that stand in layers below it."""

    layers: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def over(self, table: ir.Table) -> ir.Table:
        """The table with every layer on top of the one it reads."""
        for layer in self.layers:
            table = table.mutate(**layer).limit(NO_LIMIT)
        return table

    def staged(self, sql: Sql) -> Sql:
        """The expression as a column of its own, in the layer where it can stand."""
        self.count += 1
        name = f"stage_{self.count}"
        while len(self.layers) <= sql.layer:
            self.layers.append({})
        self.layers[sql.layer][name] = sql.column
        return Sql(here[name], 1, sql.layer + 1)

    def light(self, sql: Sql) -> Sql:
        """Something that may be written out more than once."""
        return self.staged(sql) if sql.weight > LIGHT else sql

    def shared(self, value: Quotient) -> Quotient:
        """A number whose parts may be written out more than once."""
        return Quotient(self.light(value.num), value.den and self.light(value.den), value.constant)

    def kept_small(self, found: Sql | Quotient) -> Sql | Quotient:
        """What has grown heavy gets a column of its own."""
        if found.weight <= HEAVY:
            return found
        return self.staged(found) if isinstance(found, Sql) else self.shared(found)

    def with_light_den(self, value: Quotient) -> Quotient:
        """A number whose denominator may be written out twice."""
        return Quotient(value.num, value.den and self.light(value.den), value.constant)
