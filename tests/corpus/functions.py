"""The corpus: every function of the language that is small enough to be one idea, with arguments to try it at.

Read the group that you are about to change, add your function to it, and all checks of `test_corpus.py` run on it:

    arithmetic           straight-line code, numbers of every kind
    names                names that clash with those of generated code
    branches             if, elif, else, early returns, conditional expressions
    loops                for over everything, while, values carried and left behind
    exits                break, continue and return at any depth
    calls                user functions, recursion, closures, functions as values
    containers           tuples, lists, dicts
    arrays               broadcasting, reductions, indexing, products, methods
    objects              attributes, methods, callable objects
    inactive             code copied as it stands, inactive arrays that change
    language_control     jumps, exceptions, contexts and patterns inside one another
    language_functions   every way to define, pass and call a function
    language_containers  lists, dicts, tuples, sets and iterators that change
    language_aliases     one object under several names, old values that are needed
    language_order       what is evaluated when: side effects, laziness, types, text
    language_arrays      stores, views, masks and buffers
    language_stores      what a read recorded, and what is written over it later
    language_numpy       functions and methods of numpy
    language_objects     classes of users: dataclasses, operators, properties, state
    language_methods     methods of objects, and objects in attributes
    language_spelled     what the front spells out: closures, objects, comprehensions
    language_kernels     the kernels of PolyBench and NPBench, in place
    language_programs    whole programs: filters, integrators, networks, Knet's LANG-1 to 24
"""

from __future__ import annotations

from tests.corpus import (
    arithmetic,
    arrays,
    branches,
    calls,
    containers,
    exits,
    inactive,
    language_aliases,
    language_arrays,
    language_containers,
    language_control,
    language_functions,
    language_kernels,
    language_methods,
    language_numpy,
    language_objects,
    language_order,
    language_programs,
    language_spelled,
    language_stores,
    loops,
    names,
    objects,
)
from tests.corpus.case import CASES, Case

GROUPS = (
    arithmetic,
    names,
    branches,
    loops,
    exits,
    calls,
    containers,
    arrays,
    objects,
    inactive,
    language_control,
    language_functions,
    language_containers,
    language_aliases,
    language_order,
    language_arrays,
    language_stores,
    language_numpy,
    language_objects,
    language_spelled,
    language_kernels,
    language_methods,
    language_programs,
)


REFUSED = frozenset(
    """
    language_aliases.at_methods_and_reduceat
    language_aliases.multiplication_at_duplicates
    language_aliases.sums_with_where
    language_numpy.bytes_and_buffers_of_the_library
    language_numpy.complex_parts_written
    language_numpy.complex_spectrum
    language_numpy.decompositions
    language_numpy.differences_with_an_end
    language_numpy.flat_iterators
    language_numpy.histograms_by_weights
    language_numpy.insertions_and_deletions
    language_numpy.interpolation
    language_numpy.kronecker_and_cross_products
    language_numpy.least_squares_and_pseudoinverses
    language_numpy.norms
    language_numpy.old_polynomials_of_numpy
    language_numpy.paddings
    language_numpy.polynomials_and_convolutions
    language_numpy.rolling_and_differences
    language_numpy.spectral_norms
    language_numpy.step_functions
    language_numpy.windows
    language_order.active_values_in_json
    language_order.copies_by_pickle
    language_order.errstate_as_a_decorator
    language_order.eval_of_a_constant
    language_order.globals_and_locals
    language_order.means_of_the_library
    language_order.polynomial_objects_of_numpy
    """.split()
)
"""Programs that are refused, for want of a rule or for good; `test_refused.py` sees to it that they are."""


def table() -> dict[str, Case]:
    """The cases that have a gradient, by name."""
    return {name: case for name, case in everything().items() if name not in REFUSED}


def everything() -> dict[str, Case]:
    """All cases by name: group and function, numbered where a function is tried at several arguments."""
    found: dict[str, Case] = {}
    for group in GROUPS:
        for case in reversed(CASES):
            if case.function.__module__ == group.__name__:
                found[_name(case, group.__name__.rpartition(".")[2], found)] = case
    return found


def _name(case: Case, group: str, taken: dict[str, Case]) -> str:
    name = f"{group}.{case.function.__name__}"
    number = 2
    while name in taken:
        name = f"{group}.{case.function.__name__}-{number}"
        number += 1
    return name
