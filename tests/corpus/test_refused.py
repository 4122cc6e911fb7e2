"""What has no gradient yet is refused with an error that says so: a number would be worse than none."""

from __future__ import annotations

import pytest

import knetc
from knetc.errors import KnetcError
from tests.corpus.effects import run
from tests.corpus.functions import REFUSED, everything
from tests.corpus.test_corpus import wanted


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_program_without_gradient_is_refused(name):
    case = everything()[name]

    with pytest.raises(KnetcError) as caught:
        run(case, knetc.grad(case.function, wrt=wanted(case)))

    assert caught.value.help
