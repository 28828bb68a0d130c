"""The world, the people and the clock of the rounds."""

from kieumau.rounds.tests.conftest import _clock, cast, world

__all__ = ["_clock", "cast", "world"]
