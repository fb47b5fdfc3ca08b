"""Drift of the features against the data that the champion was trained on. Reads, compares, changes nothing.

A feature has drifted when both say so: its population stability index (how much) and a two-sample
Kolmogorov-Smirnov test, corrected for the number of features (whether it can be chance).
"""

import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, ks_2samp

from ml_training_steps.champions import read_champion
from ml_training_steps.features import FeatureTable, read_table
from ml_training_steps.layout import DataRoot, open_root
from ml_training_steps.records import DatasetDrift, DriftReport, FeatureDrift, FeatureSet, FeatureSnapshot, Verdict

ROWS_MIN = 50  # fewer rows than this in either sample prove nothing
_BINS_MAX = 10
_ROWS_PER_BIN_MIN = 10
_WORST_MAX = 5
_log = logging.getLogger(__name__)

Sample = NDArray[np.float64]


def check_drift(
    data_dir: str | Path, features: FeatureSet, *, psi_threshold: float = 0.2, alpha: float = 0.01
) -> DriftReport:
    """Compare every snapshot with the one its champion was trained on; without a champion there is no drift.

    `alpha` is the share of false alarms among the features called drifted. Raise DamagedFileError when a
    snapshot or a champion's record is damaged.
    """
    root = open_root(data_dir)
    found = tuple(_dataset_drift(root, snapshot, psi_threshold, alpha) for snapshot in features.snapshots)
    for one in found:
        _log.info("%s: drift %s, %s", one.dataset, one.verdict, one.reason)
    return DriftReport("drift" if any(one.verdict == "drift" for one in found) else "none", found)


def _dataset_drift(root: DataRoot, snapshot: FeatureSnapshot, psi_threshold: float, alpha: float) -> DatasetDrift:
    champion = read_champion(root, snapshot.dataset)
    if champion is None:
        return DatasetDrift(snapshot.dataset, "none", "no champion yet: nothing to compare with", None, 0, 0, ())
    reference = read_table(root, champion.features_path, champion.features_sha256)
    current = read_table(root, snapshot.path, snapshot.sha256)
    incomparable = _incomparable(reference, current)
    if incomparable is not None:
        verdict, reason = incomparable
        return DatasetDrift(snapshot.dataset, verdict, reason, champion.features_path, 0, 0, ())
    names = current.rows.feature_names
    each = compare_features(names, reference.rows.values, current.rows.values, psi_threshold=psi_threshold, alpha=alpha)
    drifted = sum(feature.drifted for feature in each)
    worst = sorted(each, key=lambda feature: (feature.drifted, feature.psi), reverse=True)[:_WORST_MAX]
    return DatasetDrift(
        dataset=snapshot.dataset,
        verdict="drift" if drifted else "none",
        reason=f"{drifted} of {len(each)} features have PSI over {psi_threshold} and a KS q-value under {alpha}",
        reference_path=champion.features_path,
        features_checked=len(each),
        features_drifted=drifted,
        worst=tuple(worst),
    )


def _incomparable(reference: FeatureTable, current: FeatureTable) -> tuple[Verdict, str] | None:
    """The verdict without a comparison and its reason, or None when the two tables can be compared."""
    before, after = reference.rows.feature_names, current.rows.feature_names
    if before != after:
        changed = sorted(set(before) ^ set(after)) or ["their order"]
        return "drift", f"the features themselves changed: {', '.join(changed[:_WORST_MAX])}"
    fewest = min(len(reference.rows.target), len(current.rows.target))
    if fewest < ROWS_MIN:
        return "none", f"too few rows to tell: {fewest} of at least {ROWS_MIN}"
    return None


def compare_features(
    names: tuple[str, ...], reference: Sample, current: Sample, *, psi_threshold: float, alpha: float
) -> tuple[FeatureDrift, ...]:
    """One verdict per column of two rows × features samples."""
    tests = [ks_2samp(reference[:, i], current[:, i], method="asymp") for i in range(len(names))]
    p_values = np.array([test.pvalue for test in tests])
    q_values = benjamini_hochberg(p_values)
    indices = [sample_psi(reference[:, i], current[:, i]) for i in range(len(names))]
    return tuple(
        FeatureDrift(
            feature=name,
            psi=indices[i],
            ks=float(tests[i].statistic),
            p_value=float(p_values[i]),
            q_value=float(q_values[i]),
            drifted=bool(indices[i] > psi_threshold and q_values[i] < alpha),
        )
        for i, name in enumerate(names)
    )


def benjamini_hochberg(p_values: Sample) -> Sample:
    """The false discovery rate at which each test would be called positive (q-values)."""
    return np.asarray(false_discovery_control(p_values, method="bh"), dtype=np.float64)


def sample_psi(reference: Sample, current: Sample) -> float:
    """Population stability index over quantile bins of the reference; 0 for identical samples."""
    edges = quantile_edges(reference)
    return psi(_counts(reference, edges), _counts(current, edges))


def psi(expected: Sample, actual: Sample, *, smoothing: float = 0.5) -> float:
    """Population stability index of two histograms over the same bins.

    `smoothing` rows are added to every bin, so that an empty one does not make the index infinite.
    """
    expected_share = (expected + smoothing) / (expected + smoothing).sum()
    actual_share = (actual + smoothing) / (actual + smoothing).sum()
    return float(np.sum((actual_share - expected_share) * np.log(actual_share / expected_share)))


def quantile_edges(reference: Sample) -> Sample:
    """Inner edges of bins (each closed on the right) that hold about equal numbers of reference rows.

    A value that fills whole bins (the blank corner of an image) gets an edge just below it as well:
    otherwise a new value below it would fall into its bin and stay unseen.
    """
    bins = max(2, min(_BINS_MAX, len(reference) // _ROWS_PER_BIN_MIN))
    edges = np.unique(np.quantile(reference, np.linspace(0, 1, bins + 1)[1:-1]))
    if edges[0] == reference.min():
        edges = np.insert(edges, 0, np.nextafter(edges[0], -np.inf))
    return np.asarray(edges, dtype=np.float64)


def _counts(sample: Sample, edges: Sample) -> Sample:
    bins = np.searchsorted(edges, sample, side="left")
    return np.bincount(bins, minlength=len(edges) + 1).astype(np.float64)
