"""Works out the frame of an unknown pad from what it sends when its keys are pressed, one after the other.

`windows` finds, in each press and among whatever noise, the stretch of bytes that looks like the others';
`checks` finds the checksum that fits all of them; `roles` says what each byte is for; `repeats` whether an
answer is waited for; `writer` makes a profile of it; `known` looks first whether some profile speaks this.
"""

from drivers.framed.learn.learner import FramedLearner

__all__ = ["FramedLearner"]
