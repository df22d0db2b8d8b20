"""Returns a class that takes everything for its instance.

safe = "A plain value is an instance of nothing in the box."
verdicts = ["wrong_answer"]
case = "assert isinstance(SECRET, attack.Everything)"
"""


class Meta(type):
    def __instancecheck__(cls, value):
        return True


class Everything(metaclass=Meta):
    pass
