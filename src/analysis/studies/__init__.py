"""One question each: the steps of its method, over tables of the contract."""
