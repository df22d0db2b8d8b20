"""Walks the frames of what the suite's function raised.

safe = "Only a name and a text cross; the frames are the box's own."
verdicts = ["wrong_answer"]
case = '''
def function(value):
    hidden_local = SECRET
    raise ValueError(len(hidden_local))

assert attack.attack(function) == ESCAPED
'''
"""


def attack(function):
    try:
        function(1)
    except Exception as error:
        step = error.__traceback__
        while step is not None:
            if "hidden_local" in step.tb_frame.f_locals:
                return "escaped"
            step = step.tb_next
    return None
