"""Prints how fast the shipped model is on one core: `python tests/bench/classifier_speed.py`."""

import time

from classifier.measuring.evaluation import messages_per_second
from classifier.model import SHIPPED, Model

LETTERS = (
    "The lamp at the corner of Mill Lane has been out since Tuesday and the pavement is uneven there.",
    "I have written twice about my council tax and would be glad of a reply before the end of the month.",
    "Please could you tell me when the garden waste is collected, and whether the brown bin may be left open?",
)
ONE_MESSAGE_RUNS = 500


def main() -> None:
    began = time.perf_counter()
    model = Model.load(SHIPPED)
    model.assess_one(LETTERS[0])
    print(f"load and first message  {time.perf_counter() - began:.3f} s")
    began = time.perf_counter()
    for _ in range(ONE_MESSAGE_RUNS):
        model.assess_one(" ".join(LETTERS))
    print(f"one message at a time   {(time.perf_counter() - began) / ONE_MESSAGE_RUNS * 1_000:.2f} ms")
    print(f"in batches              {messages_per_second(model, LETTERS):,.0f} messages of 400 characters a second")
    print(f"weights                 {SHIPPED.stat().st_size / 1_000_000:.2f} MB")


if __name__ == "__main__":
    main()
