"""Trying a device: something is done to it, step by step, and a verdict says what that proves.

    for said in Trial(device, window=3):
        ...  # Step, Verdict, or None while time passes

Each kind of device has a module here. The texts of the steps and verdicts are in `trials.toml`.
"""

from kioskd.devices.trials.report import Said, Step, TrialText, Verdict, trial_texts
from kioskd.devices.trials.trial import Trial, TrialRunning

__all__ = ["Said", "Step", "Trial", "TrialRunning", "TrialText", "Verdict", "trial_texts"]
