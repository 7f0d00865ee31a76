"""What two editions have in common and what not: pure, so whole families of editions are tried."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.standards.edition_diff import Leaf, alike, compare, marked

AREA = (("Ⅰ-1", "公共环境"), ("Ⅱ-1", "市容市貌"))
ROAD = (*AREA, ("Ⅲ-1", "主次干道"))
MARKET = (*AREA, ("Ⅲ-2", "农贸市场"))


def leaf(text, path=ROAD, number="1", methods=("site",), pk=0):
    return Leaf(pk, path, number, text, tuple(methods))


def said(pairs):
    """`(old text, new text, changes)` of each pair."""
    return [(one.old and one.old.text, one.new and one.new.text, one.changes) for one in pairs]


TEXTS = st.text("路面洁净无破损占道经营垃圾,。 1", min_size=1, max_size=12)
PATHS = st.sampled_from([ROAD, MARKET, AREA, (("", "公共环境"),), (("Ⅰ-2", "公共秩序"),)])
EDITIONS = st.lists(st.builds(leaf, TEXTS, PATHS, st.sampled_from("123")), max_size=12)


@given(EDITIONS, EDITIONS)
def test_every_criterion_stands_in_exactly_one_pair(old, new):
    pairs = compare(old, new)

    assert sorted(map(repr, old)) == sorted(repr(one.old) for one in pairs if one.old)
    assert [one.new for one in pairs if one.new] == new


@given(EDITIONS)
def test_an_edition_compared_with_itself_has_no_changes(edition):
    assert [one.changes for one in compare(edition, edition)] == [[]] * len(edition)


@given(EDITIONS)
def test_against_nothing_all_is_added_or_removed(edition):
    assert [one.changes for one in compare([], edition)] == [["added"]] * len(edition)
    assert [one.changes for one in compare(edition, [])] == [["removed"]] * len(edition)


@given(EDITIONS, EDITIONS)
def test_the_same_words_are_never_both_removed_and_added(old, new):
    pairs = compare(old, new)

    words = lambda text: "".join(text.split()).strip(",。")  # noqa: E731
    gone = {words(one.old.text) for one in pairs if one.new is None}
    come = {words(one.new.text) for one in pairs if one.old is None}
    assert gone & come == set()


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_marks_hold_both_texts_whole(old, new):
    rows = marked(old, new)

    assert "".join(words for mark, words in rows if mark != "+") == old
    assert "".join(words for mark, words in rows if mark != "-") == new


@given(TEXTS, TEXTS)
def test_likeness_goes_both_ways_and_is_a_share(one, other):
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1
    assert alike(one, one) == 1


def test_a_criterion_with_other_words_at_its_place_is_reworded():
    pairs = compare([leaf("路面洁净,无破损")], [leaf("路面洁净平整,无破损、无积水")])

    assert said(pairs) == [("路面洁净,无破损", "路面洁净平整,无破损、无积水", ["reworded"])]
    assert pairs[0].marks == [
        ("=", "路面洁净"), ("+", "平整"), ("=", ",无破损"), ("+", "、无积水"),
    ]  # fmt: skip


def test_a_criterion_below_another_indicator_is_moved():
    pairs = compare(
        [leaf("无占道经营", ROAD), leaf("路面洁净", ROAD, "2")], [leaf("路面洁净"), leaf("无占道经营", MARKET)]
    )

    assert said(pairs) == [
        ("路面洁净", "路面洁净", ["renumbered"]),
        ("无占道经营", "无占道经营", ["moved"]),
    ]


def test_a_renamed_indicator_moves_nothing():
    renamed = (*AREA, ("Ⅲ-1", "主次干道及背街"))

    assert said(compare([leaf("路面洁净")], [leaf("路面洁净", renamed)])) == [("路面洁净", "路面洁净", [])]


def test_an_indicator_put_in_before_only_renumbers():
    later = (*AREA, ("Ⅲ-2", "主次干道"))
    new = [leaf("摊位整齐,无外溢", (*AREA, ("Ⅲ-1", "农贸市场"))), leaf("路面洁净", later)]

    assert [one.changes for one in compare([leaf("路面洁净")], new)] == [["added"], ["renumbered"]]


def test_the_same_words_with_other_methods_have_changed():
    assert compare([leaf("路面洁净")], [leaf("路面洁净", methods=["site", "survey"])])[0].changes == ["methods"]


def test_spaces_width_and_punctuation_are_no_change():
    assert compare([leaf("路面洁净,无破损。")], [leaf("路面 洁净，无破损")])[0].changes == []


def test_of_two_candidates_the_more_alike_is_the_one():
    old = [leaf("无占道经营现象", number="7")]
    new = [leaf("无占道停车", number="1"), leaf("无占道经营", number="2")]

    assert said(compare(old, new)) == [
        (None, "无占道停车", ["added"]),
        ("无占道经营现象", "无占道经营", ["reworded", "renumbered"]),
    ]


def test_different_words_are_not_forced_together():
    assert said(compare([leaf("路面洁净")], [leaf("窗口服务规范")])) == [
        ("路面洁净", None, ["removed"]),
        (None, "窗口服务规范", ["added"]),
    ]


def test_what_is_removed_stands_behind_what_stood_before_it():
    old = [leaf("路面洁净"), leaf("树木成活", number="2"), leaf("灯光完好", number="3")]
    new = [leaf("路面洁净"), leaf("灯光完好", number="3")]

    assert [one.changes for one in compare(old, new)] == [[], ["removed"], []]


def test_a_thousand_criteria_reworded_each_find_their_own():
    old = [leaf(f"第{n}项标准要求路面洁净无破损", number=str(n)) for n in range(1000)]
    new = [leaf(f"第{n}项标准应当做到路面洁净且无破损", number=str(n)) for n in range(1000)]

    assert {tuple(one.changes) for one in compare(old, new)} == {("reworded",)}
