"""Settings: what TOML and --set may say, and how they refuse."""

import json

import pytest

from builder.config import (
    BuildConfig,
    Sampling,
    canonical_json,
    differences,
    fingerprint,
    read_config,
    settings_of,
)
from builder.config.detect import Detect
from builder.core.errors import ConfigError


def test_where_detections_are_kept_is_no_part_of_what_is_built():
    here = BuildConfig(tracker="detect", detect=Detect(cache="/here"))
    assert fingerprint(here) == fingerprint(BuildConfig(tracker="detect"))
    assert "/here" not in str(settings_of(here))


def test_without_a_file_all_defaults_hold():
    assert read_config() == BuildConfig()
    assert BuildConfig().records == 800
    assert len(BuildConfig().subsets) == 4


def test_a_file_sets_nested_values_and_leaves_the_rest(tmp_path):
    file = tmp_path / "build.toml"
    file.write_text('records = 16\nsubsets = ["svc-real"]\n[sampling]\nanchors_per_scene = 2\n')
    config = read_config(file)
    assert (config.records, config.subsets) == (16, ("svc-real",))
    assert config.sampling == Sampling(anchors_per_scene=2)


def test_overrides_are_toml_values_and_bare_words_are_texts():
    config = read_config(
        overrides=["images.quality=80", "gates.min_seen=1", "weights.A1=2", "photos=~/mine"]
    )
    assert config.images.quality == 80
    assert config.gates.min_seen == 1.0
    assert isinstance(config.gates.min_seen, float)
    assert config.weights == {"A1": 2.0}
    assert config.photos == "~/mine"


def test_an_override_wins_over_an_option_and_an_option_over_the_file(tmp_path):
    file = tmp_path / "build.toml"
    file.write_text("records = 1\nseed = 1\nscenes = 1\n")
    config = read_config(file, ["records=3"], {"records": 2, "seed": 2, "scenes": None})
    assert (config.records, config.seed, config.scenes) == (3, 2, 1)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("sampling.anchor_per_scene=2", "did you mean 'anchors_per_scene'"),
        ("records=many", "records: expected an integer, got 'many' (a text)"),
        ("records=true", "expected an integer, got True (true or false)"),
        ("records=2.5", "expected an integer, got 2.5 (a number)"),
        ("records=0", "records must be finite and at least 1, got 0"),
        ("seed=-1", "seed must be finite and at least 0, got -1"),
        ("gates.max_enlargement=inf", "must be finite and 0 or more, got inf"),
        ("subsets=svc-real", "subsets: expected an array, got 'svc-real' (a text)"),
        ("subsets=['svc-reel']", "did you mean 'svc-real'?"),
        ("subsets=['svc-real', 'svc-real']", "expected different names"),
        ("images.format=jpg", "images.format: expected one of jpeg, png, got 'jpg'"),
        ("images=5", "images: expected a table, got 5 (an integer)"),
        ("images.quality=101", "images.quality must lie in 1..100, got 101"),
        ("gates.min_seen=80", "gates.min_seen must lie in 0..1, got 80.0"),
        ("gates.max_enlargement=-1", "gates.max_enlargement must be finite and 0 or more"),
        ("weights.A1=nan", "weights.A1 must be finite and at least 0"),
        ("records", "expected key=value"),
        ("=3", "expected key=value"),
    ],
)
def test_a_wrong_setting_names_itself_what_was_expected_and_what_came(override, message):
    with pytest.raises(ConfigError) as caught:
        read_config(overrides=[override])
    assert message in str(caught.value)
    assert f"--set {override}" in str(caught.value)


def test_a_file_that_is_no_toml_or_is_absent_is_refused_by_name(tmp_path):
    file = tmp_path / "build.toml"
    with pytest.raises(ConfigError, match=r"build\.toml: cannot be read"):
        read_config(file)
    file.write_text("records == 3")
    with pytest.raises(ConfigError, match=r"build\.toml: is not TOML"):
        read_config(file)
    file.write_text("[sampling]\nlong = 'x'")
    with pytest.raises(ConfigError, match=r"build\.toml: sampling\.long: expected a number"):
        read_config(file)


def test_the_number_of_workers_is_no_setting_of_the_result():
    assert fingerprint(BuildConfig(workers=1)) == fingerprint(BuildConfig(workers=2))
    assert fingerprint(BuildConfig(seed=1)) != fingerprint(BuildConfig(seed=2))


def test_settings_are_plain_json_and_their_differences_are_named():
    old, new = settings_of(BuildConfig()), settings_of(BuildConfig(sampling=Sampling(long=0.2)))
    assert json.loads(canonical_json(old)) == old
    assert differences(old, new) == ["sampling.long: was 0.1, now 0.2"]
    assert differences(old, old) == []
