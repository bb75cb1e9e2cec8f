from agents.media.strain import CALM_LOOKS, Strain


def test_a_tenth_of_the_pictures_left_out_is_degraded_and_calm_ends_it_later() -> None:
    strain = Strain()
    assert not strain.look(60, 0)
    assert not strain.look(117, 3), "a hiccup"
    assert strain.look(157, 23)
    calm = [strain.look(157 + 60 * n, 23) for n in range(1, CALM_LOOKS + 1)]
    assert calm == [True] * (CALM_LOOKS - 1) + [False]


def test_trouble_that_comes_back_begins_the_patience_anew() -> None:
    strain = Strain()
    strain.look(30, 30)
    strain.look(90, 30)
    strain.look(120, 60)
    assert strain.look(180, 60)


def test_a_programme_that_stands_still_is_not_degraded() -> None:
    assert not Strain().look(0, 0)
