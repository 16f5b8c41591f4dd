"""The gate's metrics, one module each, listed here."""

from engine.trials.metrics.accuracy import Accuracy
from engine.trials.metrics.evidence import Evidence, GateMetric
from engine.trials.metrics.response_time import ResponseTime
from engine.trials.metrics.satisfaction import Satisfaction

__all__ = ["METRICS", "Evidence", "GateMetric"]

METRICS: tuple[GateMetric, ...] = (Accuracy(), ResponseTime(), Satisfaction())
